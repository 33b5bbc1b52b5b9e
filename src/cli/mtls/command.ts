import { defineCommand, type CommandWords, type Operand } from '../shell/command.ts';
import { STAGED_STATUS_OPTIONS, STAGED_WORD_OPTIONS } from '../staged/options.ts';

const NAME: Operand = { name: 'NAME', about: 'name of the MutualTLSMigration' };
const WORD: Pick<CommandWords, 'exitCodes' | 'badInput'> = {
  exitCodes: { 0: 'said', 1: 'not said; the message says why', 2: 'wrong command line, or no cluster' },
  badInput: 1,
};
const RIGHTS = 'It writes with your rights; docs/guides/mutual-tls-migration.md says what the operator makes of it.';

/** `sailwright mtls status` */
export const MTLS_STATUS = defineCommand({
  words: ['mtls', 'status'],
  summary: 'how far MutualTLSMigrations are, what they wait for, and whom STRICT would cut off',
  about: [
    'Tells of each MutualTLSMigration its phase, the mode and the policy that says it, since when, when its next act may ' +
      'follow, what its gates said last, and its report: what keeps STRICT from beginning, and what stays beside it. With ' +
      'a name it tells of that one alone.',
    'With --watch each look takes the place of the one before on a terminal, and it ends when all that is shown has ' +
      'ended. One that is paused has not: it waits for a person.',
  ].join('\n\n'),
  forms: ['[NAME] [options]'],
  operands: [NAME],
  options: STAGED_STATUS_OPTIONS,
  examples: [
    ['sailwright mtls status', 'all of the cluster'],
    ['sailwright mtls status shop --watch', 'until it is done'],
    ['sailwright mtls status -o json', 'for programs'],
  ],
  json: {
    '[].namespace, .name': 'the MutualTLSMigration',
    '[].phase':
      '`Waiting`, `Acting`, `Soaking`, `Paused`, `RollingBack`, `Done`, `RolledBack`, `Aborted`, `Invalid`; absent where no operator has looked',
    '[].reason, .message': 'of its conditions',
    '[].mode, .policy, .owner': 'what holds, which PeerAuthentication says it, and who wrote it last',
    '[].step, .steps': 'number of the present step from 0, and how many there are',
    '[].isSuspended': '`spec.suspend`',
    '[].since, .startedAt, .nextAt': 'when the phase began, the first step began, and the next act may follow',
    '[].cause.reason, .message': 'why it was paused or ended',
    '[].before.mode, .existed': 'what the policy said before, and whether it was there',
    '[].strictSince': 'when STRICT was set',
    '[].report[].reason, .blocks, .count, .names, .message': 'what STRICT would break, and what stays beside it',
    '[].gates[].name, .result, .message': '`good`, `bad`, `unknown` or `silent`',
  },
  exitCodes: {
    0: 'all that is shown is done or goes on',
    1: 'one is paused, went back, was ended or cannot be read; or there is none',
    2: 'wrong command line, or no cluster',
  },
  badInput: 1,
  environment: { NO_COLOR: 'no colours on a terminal' },
  load: async () => (await import('./mtls-kind.ts')).runMtlsStatus,
});

/** `sailwright mtls pause` */
export const MTLS_PAUSE = defineCommand({
  words: ['mtls', 'pause'],
  summary: 'let a MutualTLSMigration begin nothing more',
  about: `Sets spec.suspend. The mode stays as it is. ${RIGHTS}`,
  forms: ['NAME [options]'],
  operands: [NAME],
  options: STAGED_WORD_OPTIONS,
  examples: [['sailwright mtls pause shop', 'until `sailwright mtls resume`']],
  ...WORD,
  load: async () => (await import('./mtls-kind.ts')).runMtlsPause,
});

/** `sailwright mtls resume` */
export const MTLS_RESUME = defineCommand({
  words: ['mtls', 'resume'],
  summary: 'let a MutualTLSMigration go on that was paused, by a person or by its gates',
  about: `Takes spec.suspend back, and gives annotation sailwright.dev/resume a new value where a gate paused it: the step is taken up again, and its gates have to hold. ${RIGHTS}`,
  forms: ['NAME [options]'],
  operands: [NAME],
  options: STAGED_WORD_OPTIONS,
  examples: [['sailwright mtls resume shop', 'when what stopped it is mended']],
  ...WORD,
  load: async () => (await import('./mtls-kind.ts')).runMtlsResume,
});

/** `sailwright mtls approve` */
export const MTLS_APPROVE = defineCommand({
  words: ['mtls', 'approve'],
  summary: 'let a step begin that waits for a person',
  about: `Adds the step to annotation sailwright.dev/approve; without one, the step that waits now. ${RIGHTS}`,
  forms: ['NAME [STEP] [options]'],
  operands: [
    NAME,
    { name: 'STEP', about: '`strict`; the step that waits, unless told', choices: ['permissive', 'strict'] },
  ],
  options: STAGED_WORD_OPTIONS,
  examples: [
    ['sailwright mtls approve shop', 'the step that waits'],
    ['sailwright mtls approve shop strict', 'this one, before its turn has come'],
  ],
  ...WORD,
  load: async () => (await import('./mtls-kind.ts')).runMtlsApprove,
});

/** `sailwright mtls abort` */
export const MTLS_ABORT = defineCommand({
  words: ['mtls', 'abort'],
  summary: 'end a MutualTLSMigration, and set the mode of before',
  about: `Sets annotation sailwright.dev/abort. ${RIGHTS}`,
  forms: ['NAME [options]'],
  operands: [NAME],
  options: STAGED_WORD_OPTIONS,
  examples: [['sailwright mtls abort shop', 'it is never taken up again']],
  ...WORD,
  load: async () => (await import('./mtls-kind.ts')).runMtlsAbort,
});

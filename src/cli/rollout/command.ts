import { defineCommand, type CommandWords, type Operand } from '../shell/command.ts';
import { STAGED_STATUS_OPTIONS, STAGED_WORD_OPTIONS } from '../staged/options.ts';

const NAME: Operand = { name: 'NAME', about: 'name of the ProxyRollout' };
const WORD: Pick<CommandWords, 'exitCodes' | 'badInput'> = {
  exitCodes: { 0: 'said', 1: 'not said; the message says why', 2: 'wrong command line, or no cluster' },
  badInput: 1,
};
const RIGHTS = 'It writes with your rights; docs/guides/proxy-rollout.md says what the operator makes of it.';

/** `sailwright rollout status` */
export const ROLLOUT_STATUS = defineCommand({
  words: ['rollout', 'status'],
  summary: 'how far ProxyRollouts are, what they wait for, and what they cannot renew',
  about: [
    'Tells of each ProxyRollout its phase and wave, since when, when its next act may follow, what its gates said last, ' +
      'which workloads are under way, and which cannot be renewed and why. With a name it tells of that one alone.',
    'With --watch each look takes the place of the one before on a terminal, and it ends when all that is shown has ' +
      'ended. A rollout that is paused has not: it waits for a person.',
  ].join('\n\n'),
  forms: ['[NAME] [options]'],
  operands: [NAME],
  options: STAGED_STATUS_OPTIONS,
  examples: [
    ['sailwright rollout status', 'all of the cluster'],
    ['sailwright rollout status to-1-31-4 --watch', 'until it is done'],
    ['sailwright rollout status -o json', 'for programs'],
  ],
  json: {
    '[].namespace, .name': 'the ProxyRollout',
    '[].phase':
      '`Waiting`, `Acting`, `Soaking`, `Paused`, `RollingBack`, `Done`, `RolledBack`, `Aborted`, `Invalid`; empty where no operator has looked',
    '[].reason, .message': 'of its conditions',
    '[].stepName, .step, .steps': 'name of the present wave, its number from 0, and how many there are',
    '[].isSuspended': '`spec.suspend`',
    '[].since, .startedAt, .nextAt': 'when the phase began, the first wave began, and the next act may follow',
    '[].counts': '`workloads`, `current`, `stale`, `underWay`, `renewed`, `blocked`',
    '[].cause.reason, .message': 'why it was paused or ended',
    '[].target.tag, .revision, .previous': 'where the tag led when it began, and before that',
    '[].underWay[].kind, .namespace, .name': 'workloads that are being renewed, or were chosen to be next',
    '[].gates[].name, .result, .message': '`good`, `bad`, `unknown` or `silent`',
    '[].blocked[].kind, .namespace, .name, .reason, .message': 'workloads that are not renewed; at most ten',
  },
  exitCodes: {
    0: 'all that is shown is done or goes on',
    1: 'one is paused, went back, was ended or cannot be read; or there is none',
    2: 'wrong command line, or no cluster',
  },
  badInput: 1,
  environment: { NO_COLOR: 'no colours on a terminal' },
  load: async () => (await import('./rollout-kind.ts')).runRolloutStatus,
});

/** `sailwright rollout pause` */
export const ROLLOUT_PAUSE = defineCommand({
  words: ['rollout', 'pause'],
  summary: 'let a ProxyRollout begin nothing more',
  about: `Sets spec.suspend. What is under way comes to its end. ${RIGHTS}`,
  forms: ['NAME [options]'],
  operands: [NAME],
  options: STAGED_WORD_OPTIONS,
  examples: [['sailwright rollout pause to-1-31-4', 'until `sailwright rollout resume`']],
  ...WORD,
  load: async () => (await import('./rollout-kind.ts')).runRolloutPause,
});

/** `sailwright rollout resume` */
export const ROLLOUT_RESUME = defineCommand({
  words: ['rollout', 'resume'],
  summary: 'let a ProxyRollout go on that was paused, by a person or by its gates',
  about: `Takes spec.suspend back, and gives annotation sailwright.dev/resume a new value where a gate paused it: the wave is taken up again, and its gates have to hold. ${RIGHTS}`,
  forms: ['NAME [options]'],
  operands: [NAME],
  options: STAGED_WORD_OPTIONS,
  examples: [['sailwright rollout resume to-1-31-4', 'when what stopped it is mended']],
  ...WORD,
  load: async () => (await import('./rollout-kind.ts')).runRolloutResume,
});

/** `sailwright rollout approve` */
export const ROLLOUT_APPROVE = defineCommand({
  words: ['rollout', 'approve'],
  summary: 'let a wave begin that waits for a person',
  about: `Adds the wave to annotation sailwright.dev/approve; without a wave, the one that waits now. ${RIGHTS}`,
  forms: ['NAME [WAVE] [options]'],
  operands: [NAME, { name: 'WAVE', about: 'name of the wave; the one that waits, unless told' }],
  options: STAGED_WORD_OPTIONS,
  examples: [
    ['sailwright rollout approve to-1-31-4', 'the wave that waits'],
    ['sailwright rollout approve to-1-31-4 rest', 'this one, before its turn has come'],
  ],
  ...WORD,
  load: async () => (await import('./rollout-kind.ts')).runRolloutApprove,
});

/** `sailwright rollout abort` */
export const ROLLOUT_ABORT = defineCommand({
  words: ['rollout', 'abort'],
  summary: 'end a ProxyRollout, and go back where there is a way',
  about: `Sets annotation sailwright.dev/abort. Where spec.target.tag has led to another revision before, the tag goes back and what was renewed is renewed once more; elsewhere it ends where it is. ${RIGHTS}`,
  forms: ['NAME [options]'],
  operands: [NAME],
  options: STAGED_WORD_OPTIONS,
  examples: [['sailwright rollout abort to-1-31-4', 'it is never taken up again']],
  ...WORD,
  load: async () => (await import('./rollout-kind.ts')).runRolloutAbort,
});

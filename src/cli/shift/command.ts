import { defineCommand, type CommandWords, type Operand } from '../shell/command.ts';
import { STAGED_STATUS_OPTIONS, STAGED_WORD_OPTIONS } from '../staged/options.ts';

const NAME: Operand = { name: 'NAME', about: 'name of the TrafficShift' };
const WORD: Pick<CommandWords, 'exitCodes' | 'badInput'> = {
  exitCodes: { 0: 'said', 1: 'not said; the message says why', 2: 'wrong command line, or no cluster' },
  badInput: 1,
};
const RIGHTS = 'It writes with your rights; docs/guides/traffic-shift.md says what the operator makes of it.';

/** `sailwright shift status` */
export const SHIFT_STATUS = defineCommand({
  words: ['shift', 'status'],
  summary: 'how far TrafficShifts are, what they wait for, and who writes the weights',
  about: [
    'Tells of each TrafficShift its phase, the weight of the new destination and that of the present step, since when, ' +
      'when its next act may follow, what its gates said last, and who wrote the weights. With a name it tells of that ' +
      'one alone.',
    'With --watch each look takes the place of the one before on a terminal, and it ends when all that is shown has ' +
      'ended. A shift that is paused has not: it waits for a person.',
  ].join('\n\n'),
  forms: ['[NAME] [options]'],
  operands: [NAME],
  options: STAGED_STATUS_OPTIONS,
  examples: [
    ['sailwright shift status', 'all of the cluster'],
    ['sailwright shift status reviews-v2 --watch', 'until it is done'],
    ['sailwright shift status -o json', 'for programs'],
  ],
  json: {
    '[].namespace, .name': 'the TrafficShift',
    '[].phase':
      '`Waiting`, `Acting`, `Soaking`, `Paused`, `RollingBack`, `Done`, `RolledBack`, `Aborted`, `Invalid`; empty where no operator has looked',
    '[].reason, .message': 'of its conditions',
    '[].weight, .target': 'percent that the new destination gets now, and by the present step',
    '[].route': 'kind and name of the route',
    '[].stepName, .step, .steps': 'name of the present step, its number from 0, and how many there are',
    '[].isSuspended': '`spec.suspend`',
    '[].since, .startedAt, .nextAt': 'when the phase began, the first step began, and the next act may follow',
    '[].cause.reason, .message': 'why it was paused or ended',
    '[].before[].destination, .weight': 'the weights before the first step',
    '[].owner.manager, .since, .advice': 'who wrote the weights last',
    '[].gates[].name, .result, .message': '`good`, `bad`, `unknown` or `silent`',
  },
  exitCodes: {
    0: 'all that is shown is done or goes on',
    1: 'one is paused, went back, was ended or cannot be read; or there is none',
    2: 'wrong command line, or no cluster',
  },
  badInput: 1,
  environment: { NO_COLOR: 'no colours on a terminal' },
  load: async () => (await import('./shift-kind.ts')).runShiftStatus,
});

/** `sailwright shift pause` */
export const SHIFT_PAUSE = defineCommand({
  words: ['shift', 'pause'],
  summary: 'let a TrafficShift begin nothing more',
  about: `Sets spec.suspend. The weights stay as they are. ${RIGHTS}`,
  forms: ['NAME [options]'],
  operands: [NAME],
  options: STAGED_WORD_OPTIONS,
  examples: [['sailwright shift pause reviews-v2', 'until `sailwright shift resume`']],
  ...WORD,
  load: async () => (await import('./shift-kind.ts')).runShiftPause,
});

/** `sailwright shift resume` */
export const SHIFT_RESUME = defineCommand({
  words: ['shift', 'resume'],
  summary: 'let a TrafficShift go on that was paused, by a person or by its gates',
  about: `Takes spec.suspend back, and gives annotation sailwright.dev/resume a new value where a gate paused it: the step is taken up again, and its gates have to hold. ${RIGHTS}`,
  forms: ['NAME [options]'],
  operands: [NAME],
  options: STAGED_WORD_OPTIONS,
  examples: [['sailwright shift resume reviews-v2', 'when what stopped it is mended']],
  ...WORD,
  load: async () => (await import('./shift-kind.ts')).runShiftResume,
});

/** `sailwright shift approve` */
export const SHIFT_APPROVE = defineCommand({
  words: ['shift', 'approve'],
  summary: 'let a step begin that waits for a person',
  about: `Adds the weight of the step to annotation sailwright.dev/approve; without one, that of the step that waits now. ${RIGHTS}`,
  forms: ['NAME [WEIGHT] [options]'],
  operands: [NAME, { name: 'WEIGHT', about: 'weight of the step; the one that waits, unless told' }],
  options: STAGED_WORD_OPTIONS,
  examples: [
    ['sailwright shift approve reviews-v2', 'the step that waits'],
    ['sailwright shift approve reviews-v2 50', 'this one, before its turn has come'],
  ],
  ...WORD,
  load: async () => (await import('./shift-kind.ts')).runShiftApprove,
});

/** `sailwright shift abort` */
export const SHIFT_ABORT = defineCommand({
  words: ['shift', 'abort'],
  summary: 'end a TrafficShift, and set the weights of before',
  about: `Sets annotation sailwright.dev/abort. ${RIGHTS}`,
  forms: ['NAME [options]'],
  operands: [NAME],
  options: STAGED_WORD_OPTIONS,
  examples: [['sailwright shift abort reviews-v2', 'it is never taken up again']],
  ...WORD,
  load: async () => (await import('./shift-kind.ts')).runShiftAbort,
});

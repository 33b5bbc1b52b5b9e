import * as z from 'zod';
import { conditionList } from '../status-condition.ts';
import { int64, text } from '../field-types.ts';

const gateStatus = z.object({
  name: text.describe('Name of the gate.'),
  result: z.enum(['good', 'bad', 'unknown', 'silent']).describe('What it says.'),
  message: text.describe('Why.'),
});

/** What the status of every change by steps has: where it stands, since when, and why. */
export const stagedStatus = z.object({
  observedGeneration: int64.optional().describe('Generation of the spec that the status speaks of.'),
  phase: text
    .optional()
    .describe('Waiting, Acting, Soaking, Paused, RollingBack, Done, RolledBack, Aborted or Invalid.'),
  message: text.optional().describe('What is done or waited for.'),
  step: int64.optional().describe('Number of the present step, from 0.'),
  steps: int64.optional().describe('How many steps there are.'),
  since: text.optional().describe('When the phase began.'),
  startedAt: text.optional().describe('When the first step began.'),
  doubtSince: text.optional().describe('Since when a gate cannot be judged.'),
  nextAt: text.optional().describe('When the next act may follow.'),
  resumed: text.optional().describe('The last value of annotation `sailwright.dev/resume` that was heard.'),
  cause: z
    .object({
      reason: text.describe('GateFailed, GateUnknown, DeadlineExceeded or Aborted.'),
      message: text.describe('What happened.'),
    })
    .optional()
    .describe('Why it was paused or ended.'),
  gates: z
    .array(gateStatus)
    .meta({ k8s: { listType: 'atomic' } })
    .optional()
    .describe('What the gates said last.'),
  conditions: conditionList
    .optional()
    .describe('`Ready`, `Reconciling` and `Stalled`, as kubectl wait, Flux and Argo CD read them.'),
});
/** The part of a status that all changes by steps share. */
export type StagedStatus = z.infer<typeof stagedStatus>;

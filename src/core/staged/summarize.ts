import type { MigrationConditionReason } from '../../api/mtls/reasons.ts';
import type { RolloutConditionReason } from '../../api/rollout/reasons.ts';
import type { ShiftConditionReason } from '../../api/shift/reasons.ts';
import type { StepAct, StepProgress } from '../steps/step-plan.ts';
import type { Summary } from './staged-status.ts';

/** What keeps a change from a step, in a word and a sentence. */
export interface Obstacle<R extends string = string> {
  reason: R;
  text: string;
}

/** Reasons that all kinds have. */
type SharedReason = RolloutConditionReason & ShiftConditionReason & MigrationConditionReason;
type Told = 'Done' | 'RolledBack' | 'Aborted' | 'Paused' | 'RollingBack';

const STATES: Readonly<Record<Told, Summary['state']>> = {
  Done: 'done',
  RolledBack: 'stalled',
  Aborted: 'stalled',
  Paused: 'stalled',
  RollingBack: 'going',
};

/** What a look came to. `sentences`: what the kind says of a phase; of all others, `doing`. */
export function summarize<R extends string = never>(
  { progress: { phase }, act, obstacle }: { progress: StepProgress; act: StepAct; obstacle?: Obstacle<R> | undefined },
  { doing, ...sentences }: Readonly<Record<Told | 'doing', string>>,
): Summary & { reason: SharedReason | R } {
  if (act.kind === 'wait') return summarizeWait(act, obstacle);
  if (!isTold(phase)) return { state: 'going', reason: 'InProgress', message: doing };
  return { state: STATES[phase], reason: phase, message: sentences[phase] };
}

function isTold(phase: string): phase is Told {
  return phase in STATES;
}

function summarizeWait<R extends string>(
  { reason, text }: Extract<StepAct, { kind: 'wait' }>,
  obstacle: Obstacle<R> | undefined,
): Summary & { reason: SharedReason | R } {
  if (reason === 'Suspended' || reason === 'ApprovalRequired') return { state: 'going', reason, message: text };
  if (reason !== 'NotReady' || !obstacle) return { state: 'going', reason: 'InProgress', message: text };
  // All others do not go away by themselves.
  return {
    state: obstacle.reason === 'NotReady' ? 'going' : 'stalled',
    reason: obstacle.reason,
    message: obstacle.text,
  };
}

import type { StepDecision } from '../../core/steps/decide-step.ts';
import type { WaitReason } from '../../core/steps/step-plan.ts';
import type { PassEnd } from '../../runtime/leader-queue.ts';

/** How soon a look follows where something is under way. */
const MOVING_MS = 1_000;
/** The same where time has to pass; a gate may fail in between. */
const WATCHING_MS = 5_000;
/** The same where only a person, or the time, can change what is waited for. */
const WAITING_MS = 60_000;
const SLOW_WAITS: ReadonlySet<WaitReason> = new Set(['Suspended', 'ApprovalRequired', 'WindowClosed']);

/** When the next look follows a decision. Looks at a large mesh take no more than half of the time. */
export function requeueAfter(
  { act }: Pick<StepDecision, 'act'>,
  { now, lookMs }: { now: number; lookMs: number },
): PassEnd {
  switch (act.kind) {
    case 'do':
    case 'rollBack':
      return { requeueAfterMs: Math.max(MOVING_MS, lookMs), isPending: true };
    case 'wait': {
      const limit = SLOW_WAITS.has(act.reason) ? WAITING_MS : Math.max(WATCHING_MS, lookMs);
      return { requeueAfterMs: Math.max(0, Math.min((act.until ?? Infinity) - now, limit)), isPending: true };
    }
    case 'pause':
    case 'end':
      return {};
  }
}

import { describeLeftDrift, describePaused } from '../../core/plan/restrain-plan.ts';
import type { PlannedPass } from '../../core/plan/plan-pass.ts';
import type { ObservedRestraints } from '../../core/status/restraint.ts';

/** What the owner of the resource keeps a pass from, for its status. */
export function observeRestraints({ plan, unclear }: PlannedPass): ObservedRestraints {
  return {
    paused: describePaused(plan.left),
    drifted: describeLeftDrift(plan.left),
    unclear: unclear.join('; '),
  };
}

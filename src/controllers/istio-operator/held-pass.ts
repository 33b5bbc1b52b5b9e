import { isRestored } from '../../core/plan/inventory.ts';
import type { Plan } from '../../core/plan/plan-objects.ts';
import type { StatusInput } from '../../core/status/compute-status.ts';
import type { Summary } from '../../core/status/conditions.ts';
import { applyPhases } from './apply-phases.ts';
import type { PassResult, Scope } from './dependencies.ts';
import { observeRestraints } from './observe-restraints.ts';
import type { LivePass } from './plan-live-pass.ts';
import { writeOverride } from './write-override.ts';

/** How soon what stands in the way is looked at again: whoever removes it may not cause an event here. */
const RECHECK_MS = 60_000;

/**
 * Ends a pass that only a person can help. Nothing of the change is written, but drift of what it leaves as it was is
 * repaired, and what somebody deleted comes back: a mesh must not fall apart while it waits for a decision.
 */
export async function reconcileHeld(
  scope: Scope,
  pass: LivePass,
  override: Summary,
  known: Partial<StatusInput> = {},
): Promise<PassResult> {
  const { plan, desired, observed } = pass;
  const apply = plan.apply.filter(({ drift }) => drift !== undefined);
  const create = plan.create.filter(isRestored(scope.status.inventory ?? []));
  const repairs: Plan = { ...plan, create, adopt: [], recreate: [], blocked: [], apply };
  const { deferredMs = Infinity } = await applyPhases(scope, repairs, desired, observed.live);
  await writeOverride(scope, override, { ...known, restraints: observeRestraints(pass) });
  return { reason: override.reason, requeueAfterMs: Math.min(RECHECK_MS, deferredMs) };
}

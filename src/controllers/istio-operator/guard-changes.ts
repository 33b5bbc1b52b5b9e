import { describeAdoption } from '../../core/plan/adoption.ts';
import type { LiveRead } from '../../core/plan/plan-input.ts';
import { findUnapproved, type Plan } from '../../core/plan/plan-objects.ts';
import { planRecreation, splitRecreatable } from '../../core/plan/recreate.ts';
import { describeRefusedChanges, type RefusedChange } from '../../core/plan/refused-change.ts';
import type { Summary } from '../../core/status/conditions.ts';
import type { Scope } from './dependencies.ts';
import { fetchOutgoing, tryRecreation } from './recreate-object.ts';
import { tryChanges } from './try-changes.ts';

/** Why nothing of a plan may be written. */
export type Hold = Pick<Summary, 'reason' | 'message'>;

/**
 * Looks for what only a person can resolve, before anything of the plan is written. The plan that it lets pass makes
 * anew what cannot be changed in place, where the resource asks for that.
 */
export async function guardChanges(
  scope: Scope,
  plan: Plan,
  reads: ReadonlyMap<string, LiveRead>,
): Promise<{ plan: Plan; hold?: Hold }> {
  const { resource } = scope;
  const foreign = findUnapproved(plan);
  if (foreign.length > 0) {
    return { plan, hold: { reason: 'AdoptionRequired', message: describeAdoption(foreign, resource) } };
  }
  const { renewed, rest } = splitRecreatable(await tryChanges(scope, plan), resource);
  if (rest.length > 0) return { plan, hold: refusalOf(scope, rest) };
  if (renewed.length === 0) return { plan };
  const changed = planRecreation(plan, renewed, reads);
  const refused = await tryRecreation(scope, changed);
  return refused.length > 0 ? { plan, hold: refusalOf(scope, refused) } : { plan: await fetchOutgoing(scope, changed) };
}

function refusalOf({ resource }: Scope, refused: readonly RefusedChange[]): Hold {
  return { reason: 'ChangeRefused', message: describeRefusedChanges(refused, resource) };
}

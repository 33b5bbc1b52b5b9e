import { describeAdoption } from '../../core/plan/adoption.ts';
import { findUnapproved, type Plan } from '../../core/plan/plan-objects.ts';
import { describeRefusedChanges } from '../../core/plan/refused-change.ts';
import type { Summary } from '../../core/status/conditions.ts';
import type { Scope } from './dependencies.ts';
import { tryChanges } from './try-changes.ts';

/** Why nothing of a plan may be written. */
export type Hold = Pick<Summary, 'reason' | 'message'>;

/** Looks for what only a person can resolve, before anything of the plan is written. */
export async function guardChanges(scope: Scope, plan: Plan): Promise<Hold | undefined> {
  const foreign = findUnapproved(plan);
  if (foreign.length > 0) return { reason: 'AdoptionRequired', message: describeAdoption(foreign, scope.resource) };
  const refused = await tryChanges(scope, plan);
  return refused.length > 0 ? { reason: 'ChangeRefused', message: describeRefusedChanges(refused) } : undefined;
}

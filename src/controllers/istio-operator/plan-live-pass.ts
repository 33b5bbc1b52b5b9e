import { computeDesired, type DesiredObject } from '../../core/plan/desired.ts';
import { holdBack, planPass, settleRefusals, type Observed, type PlannedPass } from '../../core/plan/plan-pass.ts';
import type { Rendered } from '../../core/render/index.ts';
import { INJECTOR_KIND } from '../../core/webhook-configuration.ts';
import { runInSlices } from '../../runtime/slices.ts';
import type { PlanScope } from './dependencies.ts';
import { fetchLiveObjects } from './live-objects.ts';
import { fetchOtherOwners } from './other-owners.ts';
import { precheckPass } from './precheck-pass.ts';
import { fetchOutgoing, tryRecreation } from './recreate-object.ts';
import { tryChanges } from './try-changes.ts';

/** What a pass over a live cluster is going to do, and what it goes by. */
export interface LivePass extends PlannedPass {
  desired: readonly DesiredObject[];
  observed: Observed;
}

/**
 * Plans a pass, for the controller that carries it out and for whoever only wants to know. Nothing is written: what is
 * more than repairs is tried by dry run.
 * @throws ApiError, and Error when a change could not be tried
 */
export async function planLivePass(scope: PlanScope, rendered: Rendered): Promise<LivePass> {
  const { owner, resource, deps } = scope;
  const desired = await runInSlices(computeDesired({ rendered, owner, digest: deps.digest }));
  const observed = await observe(scope, desired);
  const subject = { owner, resource, desired, inventory: scope.status.inventory ?? [] };
  const planned = await runInSlices(planPass(subject, observed));
  const tried = await tryPass(scope, planned, { subject, live: observed.live });
  const pass = await precheckPass(scope, tried, { rendered, live: observed.live });
  return { ...pass, desired, observed };
}

async function observe(scope: PlanScope, desired: readonly DesiredObject[]): Promise<Observed> {
  const { deps, owner, status, memory, uid } = scope;
  const others = await fetchOtherOwners(scope);
  const refs = desired.map(({ ref }) => ref);
  const { reads, owned, failures } = await fetchLiveObjects(deps.api, owner, refs, status.inventory ?? []);
  const injectors = await fetchInjectors(scope, desired);
  return { live: reads, owned, failures, others, injectors, gaps: memory.gaps.get(uid) ?? new Map() };
}

async function fetchInjectors(
  { deps, log }: PlanScope,
  desired: readonly DesiredObject[],
): Promise<Observed['injectors']> {
  if (desired.every(({ ref }) => ref.kind !== INJECTOR_KIND.kind)) return [];
  try {
    return (await deps.api.list(INJECTOR_KIND)).items;
  } catch (error) {
    log.warn({ error }, 'could not look for other injectors');
    return undefined;
  }
}

/** Looks for what only a person can resolve, before anything of the plan is written. */
async function tryPass(
  scope: PlanScope,
  planned: PlannedPass,
  world: Parameters<typeof settleRefusals>[2],
): Promise<PlannedPass> {
  if (planned.hold) return planned;
  const settled = settleRefusals(planned, await tryChanges(scope, planned.plan), world);
  if (settled.hold || settled.plan.recreate.length === 0) return settled;
  const refused = await tryRecreation(scope, settled.plan);
  if (refused.length > 0) return holdBack(planned, refused, scope.resource);
  return { ...settled, plan: await fetchOutgoing(scope, settled.plan) };
}

import { FIELD_MANAGER } from '../../api/our-names.ts';
import { refOf, type KubeObject } from '../../core/kube-object.ts';
import { controllerOf, markOutgoing } from '../../core/plan/outgoing.ts';
import type { Plan, RecreateStep } from '../../core/plan/plan-objects.ts';
import { propagationOf, renameForTrial, withOutgoing } from '../../core/plan/recreate.ts';
import type { RefusedChange } from '../../core/plan/refused-change.ts';
import { ApiError, judgeDryRun } from '../../kube/errors.ts';
import type { PlanScope, Scope } from './dependencies.ts';

/**
 * Deletes the object and creates it anew. Undefined while the former one is not gone yet: its end is an event, and the
 * next pass finds nothing in the way. The pods of a Deployment stay, as marked ReplicaSets that nobody controls, until
 * those of the new one are ready; a crash at any point leaves something that serves, and marks that tell what it is.
 */
export async function recreateObject(scope: Scope, step: RecreateStep): Promise<KubeObject | undefined> {
  const { api } = scope.deps;
  const { desired, live, outgoing } = step;
  for (const replicaSet of outgoing) {
    await api.apply(markOutgoing(replicaSet, desired), { fieldManager: FIELD_MANAGER, force: true });
  }
  const ref = refOf(live);
  if (!live.metadata['deletionTimestamp']) {
    await api.delete(ref, { uid: String(live.metadata['uid']), propagation: propagationOf(ref) });
  }
  if (await api.get(ref)) return undefined;
  return desired.ref.kind === 'Deployment' ? undefined : api.apply(desired.object, { fieldManager: FIELD_MANAGER });
}

/** The plan with the ReplicaSets that Deployments which it makes anew leave behind. @throws ApiError */
export async function fetchOutgoing(scope: PlanScope, plan: Plan): Promise<Plan> {
  const found = new Map<string, KubeObject[]>();
  for (const { desired, live } of plan.recreate.filter(({ live: { kind } }) => kind === 'Deployment')) {
    const { namespace = '' } = live.metadata;
    const { items } = await scope.deps.api.list({ apiVersion: 'apps/v1', kind: 'ReplicaSet' }, { namespace });
    const own = items.filter((replicaSet) => controllerOf(replicaSet) === live.metadata['uid']);
    found.set(desired.key, own);
  }
  return withOutgoing(plan, found);
}

/** What would be refused even when it is made anew, as a dry run under another name tells: then nothing is deleted. */
export async function tryRecreation(scope: PlanScope, { recreate }: Plan): Promise<RefusedChange[]> {
  const refused: RefusedChange[] = [];
  for (const { desired } of recreate) {
    try {
      await scope.deps.api.apply(renameForTrial(desired.object), { fieldManager: FIELD_MANAGER, dryRun: true });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const verdict = judgeDryRun(error);
      if (verdict === 'open') throw error;
      if (verdict === 'refused') {
        const cause = `made anew, it would be refused too: ${error.message}`;
        refused.push({ ref: desired.ref, isImmutable: false, cause });
      }
    }
  }
  return refused;
}

import { FIELD_MANAGER } from '../../api/our-names.ts';
import { computeOwnedViews, selectOwned } from '../../core/diff/owned-fields.ts';
import type { KubeObject, ObjectRef } from '../../core/kube-object.ts';
import type { DesiredObject } from '../../core/plan/desired.ts';
import type { ManagedFieldsEntry } from '../../core/plan/field-ownership.ts';
import { keeperOf } from '../../core/plan/kept-labels.ts';
import type { AdoptStep, ApplyStep } from '../../core/plan/plan-objects.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import type { LivePass } from './plan-live-pass.ts';

/** What a pass does to one object: as it is and as it will be, cut down to the fields that are ours. */
export type ObjectChange =
  | { change: 'create'; ref: ObjectRef; after: KubeObject }
  | { change: 'recreate'; ref: ObjectRef; before: KubeObject; after: KubeObject }
  /** `applied` is the answer to the dry run. */
  | {
      change: 'change';
      ref: ObjectRef;
      before: KubeObject;
      after: KubeObject;
      whole: { live: KubeObject; applied: KubeObject };
    };

/**
 * Looks by a dry run what becomes of an object; undefined where the pass does nothing to it. Of what is new, what is sent
 * is shown. @throws ApiError
 */
export async function fetchObjectChange(
  api: Pick<KubeApi, 'apply'>,
  { plan, observed }: Pick<LivePass, 'plan' | 'observed'>,
  desired: DesiredObject,
): Promise<ObjectChange | undefined> {
  const { ref, key } = desired;
  if (plan.create.includes(desired)) return { change: 'create', ref, after: selectOwned(desired.object, {}) };
  const renewed = plan.recreate.find((step) => step.desired === desired);
  if (renewed) {
    const { before } = computeOwnedViews(renewed.live, renewed.live);
    return { change: 'recreate', ref, before, after: selectOwned(desired.object, {}) };
  }
  const step = [...plan.adopt, ...plan.apply].find((one) => one.desired === desired);
  const read = observed.live.get(key);
  if (!step || read?.state !== 'found') return undefined;
  const live = read.object;
  const applied = await api.apply(step.object, { fieldManager: FIELD_MANAGER, dryRun: true, force: step.force });
  return { change: 'change', ref, ...computeOwnedViews(live, applied, keeperIn(step, live)), whole: { live, applied } };
}

function keeperIn(step: ApplyStep | AdoptStep, { apiVersion }: KubeObject): ManagedFieldsEntry | undefined {
  return 'kept' in step ? keeperOf(step.kept, apiVersion) : undefined;
}

import { errorText } from '../../core/error-text.ts';
import { FIELD_MANAGER } from '../../api/our-names.ts';
import type { LivePass } from '../../controllers/istio-operator/plan-live-pass.ts';
import type { ObjectDiff } from '../../core/diff/object-diff.ts';
import { computeOwnedViews, selectOwned } from '../../core/diff/owned-fields.ts';
import { displayName, type KubeObject } from '../../core/kube-object.ts';
import type { ManagedFieldsEntry } from '../../core/plan/field-ownership.ts';
import { keeperOf } from '../../core/plan/kept-labels.ts';
import { isSame, type DesiredObject } from '../../core/plan/desired.ts';
import { WEBHOOK_KINDS } from '../../core/webhook-configuration.ts';
import type { AdoptStep, ApplyStep } from '../../core/plan/plan-objects.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import { mapConcurrently } from '../../runtime/map-concurrently.ts';
import { withKeptFields, type KeptInWebhooks } from './webhook-changes.ts';

const CONCURRENCY = 8;

/** What a pass does to the desired objects, as far as that could be found out. */
export interface Differences {
  differences: ObjectDiff[];
  /** Objects without a difference. */
  same: number;
  problems: string[];
}

/** Looks by dry runs of the steps what becomes of each object; what holds it back is in the pass. */
export async function fetchDifferences(
  api: Pick<KubeApi, 'apply'>,
  pass: LivePass,
  kept: KeptInWebhooks,
): Promise<Differences> {
  const found: Differences = { differences: [], same: 0, problems: [] };
  const results = await mapConcurrently(pass.desired, CONCURRENCY, async (desired) => {
    try {
      return await fetchDifference(api, { pass, desired, kept });
    } catch (error) {
      // What was refused when the change was tried is told already.
      return pass.hold?.reason === 'ChangeRefused' ? 'told' : `${displayName(desired.ref)}: ${errorText(error)}`;
    }
  });
  for (const result of results) {
    if (result === undefined) found.same += 1;
    else if (typeof result !== 'string') found.differences.push(result);
    else if (result !== 'told') found.problems.push(result);
  }
  return found;
}

async function fetchDifference(
  api: Pick<KubeApi, 'apply'>,
  { pass: { plan, observed }, desired, kept }: { pass: LivePass; desired: DesiredObject; kept: KeptInWebhooks },
): Promise<ObjectDiff | 'told' | undefined> {
  const { ref, key } = desired;
  if (plan.create.includes(desired)) return { change: 'create', ref, after: selectOwned(desired.object, {}) };
  const renewed = plan.recreate.find((step) => step.desired === desired);
  if (renewed) {
    const { before } = computeOwnedViews(renewed.live, renewed.live);
    return { change: 'recreate', ref, before, after: selectOwned(desired.object, {}) };
  }
  const read = observed.live.get(key);
  const isBlocked = plan.blocked.some((blocked) => blocked.desired === desired);
  if (read?.state !== 'found' || isBlocked) return 'told';
  const live = read.object;
  const step = [...plan.adopt, ...plan.apply].find((one) => one.desired === desired);
  const isWebhook = WEBHOOK_KINDS.some((kind) => kind === ref.kind);
  if (!step && !isWebhook) return undefined;
  const dryRun = { fieldManager: FIELD_MANAGER, dryRun: true };
  const applied = step ? await api.apply(step.object, { ...dryRun, force: step.force }) : live;
  const views = computeOwnedViews(live, applied, keeperIn(step, live));
  const { before, after } = isWebhook ? withKeptFields(views, { live, applied }, kept) : views;
  return isSame(before, after) ? undefined : { change: 'change', ref, before, after };
}

function keeperIn(step: ApplyStep | AdoptStep | undefined, { apiVersion }: KubeObject): ManagedFieldsEntry | undefined {
  return step && 'kept' in step ? keeperOf(step.kept, apiVersion) : undefined;
}

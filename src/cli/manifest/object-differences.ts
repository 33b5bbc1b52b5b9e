import { errorText } from '../../core/error-text.ts';
import { fetchObjectChange, type ObjectChange } from '../../controllers/istio-operator/object-change.ts';
import type { LivePass } from '../../controllers/istio-operator/plan-live-pass.ts';
import type { ObjectDiff } from '../../core/diff/object-diff.ts';
import { computeOwnedViews } from '../../core/diff/owned-fields.ts';
import { displayName, type KubeObject } from '../../core/kube-object.ts';
import { isSame, type DesiredObject } from '../../core/plan/desired.ts';
import { WEBHOOK_KINDS } from '../../core/webhook-configuration.ts';
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
  { pass, desired, kept }: { pass: LivePass; desired: DesiredObject; kept: KeptInWebhooks },
): Promise<ObjectDiff | 'told' | undefined> {
  const { plan, observed } = pass;
  if (plan.blocked.some((blocked) => blocked.desired === desired)) return 'told';
  const found = await fetchObjectChange(api, pass, desired);
  if (found && found.change !== 'change') return found;
  const read = observed.live.get(desired.key);
  if (read?.state !== 'found') return 'told';
  const views = viewsOf(read.object, found, kept);
  if (!views || isSame(views.before, views.after)) return undefined;
  return { change: 'change', ref: desired.ref, ...views };
}

/** Undefined where nothing is written to the object; webhooks get fields beside the apply. */
function viewsOf(
  live: KubeObject,
  found: Extract<ObjectChange, { change: 'change' }> | undefined,
  kept: KeptInWebhooks,
): { before: KubeObject; after: KubeObject } | undefined {
  if (!WEBHOOK_KINDS.some((kind) => kind === live.kind)) return found && { before: found.before, after: found.after };
  const views = found ? { before: found.before, after: found.after } : computeOwnedViews(live, live);
  return withKeptFields(views, found?.whole ?? { live, applied: live }, kept);
}

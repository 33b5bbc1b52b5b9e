import { errorText } from '../../core/error-text.ts';
import { fetchObjectChange } from '../../controllers/istio-operator/object-change.ts';
import type { LivePass } from '../../controllers/istio-operator/plan-live-pass.ts';
import type { ObjectDiff } from '../../core/diff/object-diff.ts';
import { computeOwnedViews } from '../../core/diff/owned-fields.ts';
import { displayName } from '../../core/kube-object.ts';
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
  const { ref, key } = desired;
  const isBlocked = plan.blocked.some((blocked) => blocked.desired === desired);
  const found = isBlocked ? undefined : await fetchObjectChange(api, pass, desired);
  if (found && found.change !== 'change') return found;
  const read = observed.live.get(key);
  if (read?.state !== 'found' || isBlocked) return 'told';
  const isWebhook = WEBHOOK_KINDS.some((kind) => kind === ref.kind);
  if (!found && !isWebhook) return undefined;
  const { object: live } = read;
  const views = found ?? computeOwnedViews(live, live);
  const whole = found?.whole ?? { live, applied: live };
  const { before, after } = isWebhook ? withKeptFields(views, whole, kept) : views;
  return isSame(before, after) ? undefined : { change: 'change', ref, before, after };
}

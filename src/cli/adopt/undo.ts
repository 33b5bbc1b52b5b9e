import { IGNORE_ANNOTATION } from '../../api/install/conditions.ts';
import { ISTIO_OPERATOR } from '../../api/install/istio-operator-kind.ts';
import type { IstioOperatorStatus } from '../../api/install/istio-operator-status.ts';
import { ADOPT_ANNOTATION, FINALIZER, HAND_OVER_MANAGER } from '../../api/our-names.ts';
import { finalizersOf } from '../../controllers/istio-operator/finalizers.ts';
import { displayName, objectKey, refOf, type KubeObject } from '../../core/kube-object.ts';
import { entryKey } from '../../core/plan/inventory.ts';
import { ownerKey, type Owner } from '../../core/plan/owner-labels.ts';
import { NEVER_PRUNED } from '../../core/plan/plan-prune.ts';
import { computeWorkloadHealth, isWorkload } from '../../core/status/workload-health.ts';
import { WEBHOOK_KINDS } from '../../core/webhook-configuration.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeApi } from '../../kube/kube-api.ts';
import { awaitResource, type Patience } from '../shell/await-resource.ts';
import { showReleases } from './hide-releases.ts';
import { restoreObject } from './restore.ts';
import { loadRecord, recordRef, type HandOverRecord } from './record.ts';

const MERGE = { type: 'merge', fieldManager: HAND_OVER_MANAGER } as const;
const INTERVAL_MS = 1000;
const SETTLE_MS = 2000;

/**
 * Gives a mesh back as its record says: the operator pauses, objects become what they were, what was new goes, and the
 * former writers come back.
 * @returns why it is not done; undefined when it is
 * @throws ApiError
 */
export async function undoHandOver(api: KubeApi, owner: Owner, patience: Patience): Promise<string | undefined> {
  const { onProgress } = patience;
  const record = await loadRecord(api, owner);
  if (!record) return `there is no record of a hand-over of ${ownerKey(owner)} (ConfigMap ${recordRef(owner).name})`;
  const ref = { ...ISTIO_OPERATOR, ...owner };
  const resource = await api.get(ref);
  if (resource) {
    await api.patch(
      ref,
      { metadata: { annotations: { [IGNORE_ANNOTATION]: 'true', [ADOPT_ANNOTATION]: null } } },
      MERGE,
    );
    const paused = await awaitResource(
      api,
      owner,
      (all) => all.some(({ reason }) => reason === 'Paused') || undefined,
      patience,
    );
    if (!paused) return `no operator acknowledged the pause of ${ownerKey(owner)}; nothing was given back`;
  }
  const unready = await restoreAll(api, record, patience);
  if (unready) return unready;
  if (resource) await removeNew(api, resource, record);
  await showReleases(api, record.releaseSecrets);
  if (resource) await giveResourceBack(api, resource, record);
  for (const { ref: operator, replicas } of record.operators) await api.patch(operator, { spec: { replicas } }, MERGE);
  await api.delete(recordRef(owner));
  onProgress(`gave back ${record.objects.length} objects`);
  return undefined;
}

/**
 * First what istiod reads and may do: ours answers webhooks as well as the former one, once it has templates. Then the
 * webhooks, and the workloads last: the former istiod writes its own certificate into webhooks that still lead to us.
 * Webhooks that are not there come before those that are: what comes back may inject in the place of one that goes.
 */
async function restoreAll(api: KubeApi, { objects }: HandOverRecord, patience: Patience): Promise<string | undefined> {
  const isWebhook = ({ kind }: KubeObject): boolean => WEBHOOK_KINDS.some((one) => one === kind);
  for (const object of objects.filter((one) => !isWebhook(one) && !isWorkload(one))) await restoreObject(api, object);
  // Istiod watches its templates, and tells nobody that it has read them.
  await sleep(SETTLE_MS);
  const webhooks = await Promise.all(
    objects
      .filter(isWebhook)
      .map(async (object) => ({ object, isThere: (await api.get(refOf(object))) !== undefined })),
  );
  for (const { object } of webhooks.sort((a, b) => Number(a.isThere) - Number(b.isThere)))
    await restoreObject(api, object);
  for (const object of objects.filter(isWorkload)) await restoreObject(api, object);
  for (const object of objects.filter(({ kind }) => kind === 'Deployment')) {
    if (!(await isRolledOut(api, object, patience)))
      return `${displayName(refOf(object))} is not ready; the webhooks lead to it already, so see what keeps it. Run this again`;
  }
  return undefined;
}

async function isRolledOut(api: KubeApi, object: KubeObject, { timeoutMs, onProgress }: Patience): Promise<boolean> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const live = await api.get(refOf(object));
    const health = live && computeWorkloadHealth(live);
    if (health?.state === 'ready') return true;
    if (performance.now() >= end) return false;
    onProgress(`waiting for ${displayName(refOf(object))}`);
    await sleep(INTERVAL_MS);
  }
}

/** What the operator made beside what was there. Definitions and namespaces stay. */
async function removeNew(api: KubeApi, { status }: KubeObject, { objects }: HandOverRecord): Promise<void> {
  const { inventory = [] } = (status ?? {}) as IstioOperatorStatus;
  const former = new Set(objects.map((object) => objectKey(refOf(object))));
  for (const entry of inventory) {
    if (former.has(entryKey(entry)) || NEVER_PRUNED.has(entry.kind)) continue;
    const { apiVersion, kind, name, namespace } = entry;
    await api.delete({ apiVersion, kind, name, ...(namespace ? { namespace } : {}) });
  }
}

/** A resource that was there before stays, paused, for its own operator; one that is new goes without what it holds. */
async function giveResourceBack(
  api: KubeApi,
  resource: KubeObject,
  { resource: before }: HandOverRecord,
): Promise<void> {
  const ref = refOf(resource);
  const live = await api.get(ref);
  const finalizers = live ? finalizersOf(live).filter((name) => name !== FINALIZER) : [];
  if (!before) {
    await api.patch(ref, { metadata: { finalizers } }, MERGE);
    await api.delete(ref);
    return;
  }
  const patch = [
    { op: 'add', path: '/metadata/finalizers', value: [...new Set([...finalizers, ...finalizersOf(before)])] },
    { op: 'add', path: '/spec', value: before['spec'] ?? {} },
  ];
  await api.patch(ref, patch, { ...MERGE, type: 'json' });
}

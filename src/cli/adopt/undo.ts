import { IGNORE_ANNOTATION } from '../../api/install/conditions.ts';
import { ISTIO_OPERATOR } from '../../api/install/istio-operator-kind.ts';
import type { IstioOperatorStatus } from '../../api/install/istio-operator-status.ts';
import { ADOPT_ANNOTATION, FINALIZER, HAND_OVER_MANAGER } from '../../api/our-names.ts';
import { finalizersOf } from '../../controllers/istio-operator/finalizers.ts';
import { displayName, objectKey, refOf, type KubeObject, type ObjectRef } from '../../core/kube-object.ts';
import { hidingSteps } from '../../core/plan/hidden-webhooks.ts';
import { entryRef } from '../../core/plan/inventory.ts';
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
  const unready = await restoreAll(api, { record, resource }, patience);
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
 * First what istiod reads and may do, then what runs, while the operator answers webhooks; they lead to the former istiod
 * once it is ready, so that nobody asks one that restarts. Until then they are hidden from it: it writes its certificate
 * into those that it knows. Webhooks that are not there come before those that are: what comes back may inject in the
 * place of one that goes.
 */
async function restoreAll(
  api: KubeApi,
  { record: { objects }, resource }: { record: HandOverRecord; resource: KubeObject | undefined },
  patience: Patience,
): Promise<string | undefined> {
  for (const object of objects.filter((one) => !isWebhook(one) && !isWorkload(one))) await restoreObject(api, object);
  const mine = resource ? inventoryOf(resource) : [];
  for (const ref of [...objects.map(refOf), ...mine].filter(isWebhook)) await hide(api, ref);
  for (const object of objects.filter(isWorkload)) await restoreObject(api, object);
  for (const object of objects.filter(({ kind }) => kind === 'Deployment')) {
    if (!(await isRolledOut(api, object, patience)))
      return `${displayName(refOf(object))} is not ready; the operator answers webhooks as before, so see what keeps it. Run this again`;
  }
  // One that did not restart watches its templates, and tells nobody that it has read them.
  await sleep(SETTLE_MS);
  const webhooks = await Promise.all(
    objects
      .filter(isWebhook)
      .map(async (object) => ({ object, isThere: (await api.get(refOf(object))) !== undefined })),
  );
  for (const { object } of webhooks.sort((a, b) => Number(a.isThere) - Number(b.isThere)))
    await restoreObject(api, object);
  return undefined;
}

function isWebhook({ kind }: Pick<KubeObject, 'kind'>): boolean {
  return WEBHOOK_KINDS.some((one) => one === kind);
}

/** What the operator says that it made or took over. */
function inventoryOf({ status }: KubeObject): ObjectRef[] {
  const { inventory = [] } = (status ?? {}) as IstioOperatorStatus;
  return inventory.map(entryRef);
}

async function hide(api: KubeApi, ref: ObjectRef): Promise<void> {
  const live = await api.get(ref);
  const steps = live ? hidingSteps(live) : [];
  if (steps.length > 0) await api.patch(ref, steps, { type: 'json', fieldManager: HAND_OVER_MANAGER });
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
async function removeNew(api: KubeApi, resource: KubeObject, { objects }: HandOverRecord): Promise<void> {
  const former = new Set(objects.map((object) => objectKey(refOf(object))));
  for (const ref of inventoryOf(resource)) {
    if (!former.has(objectKey(ref)) && !NEVER_PRUNED.has(ref.kind)) await api.delete(ref);
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

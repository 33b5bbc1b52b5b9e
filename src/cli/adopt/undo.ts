import { IGNORE_ANNOTATION } from '../../api/install/conditions.ts';
import { ISTIO_OPERATOR } from '../../api/install/istio-operator-kind.ts';
import type { IstioOperatorStatus } from '../../api/install/istio-operator-status.ts';
import { ADOPT_ANNOTATION, FINALIZER, HAND_OVER_MANAGER } from '../../api/our-names.ts';
import { finalizersOf } from '../../controllers/istio-operator/finalizers.ts';
import { objectKey, refOf, type KubeObject, type ObjectRef } from '../../core/kube-object.ts';
import { entryRef } from '../../core/plan/inventory.ts';
import { ownerKey, type Owner } from '../../core/plan/owner-labels.ts';
import { NEVER_PRUNED } from '../../core/plan/plan-prune.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import { awaitResource, type Patience } from '../shell/await-resource.ts';
import { handToIstiod } from '../shell/hand-to-istiod.ts';
import { showReleases } from './hide-releases.ts';
import { takeAccountsBack } from './lend-accounts.ts';
import { restoreObject } from './restore.ts';
import { loadRecord, recordRef, type HandOverRecord } from './record.ts';

const MERGE = { type: 'merge', fieldManager: HAND_OVER_MANAGER } as const;

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
  const former = {
    objects: record.objects,
    outgoing: resource ? inventoryOf(resource) : [],
    write: (object: KubeObject) => restoreObject(api, object),
  };
  const unready = await handToIstiod(api, former, patience);
  if (unready) return unready;
  if (resource) await removeNew(api, resource, record);
  await showReleases(api, record.releaseSecrets);
  await takeAccountsBack(api, record.accounts ?? []);
  if (resource) await giveResourceBack(api, resource, record);
  for (const { ref: operator, replicas } of record.operators) await api.patch(operator, { spec: { replicas } }, MERGE);
  await api.delete(recordRef(owner));
  onProgress(`gave back ${record.objects.length} objects`);
  return undefined;
}

/** What the operator says that it made or took over. */
function inventoryOf({ status }: KubeObject): ObjectRef[] {
  const { inventory = [] } = (status ?? {}) as IstioOperatorStatus;
  return inventory.map(entryRef);
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

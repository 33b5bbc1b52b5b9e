import { errorText } from '../../core/error-text.ts';
import { COMPONENT_LABEL, MANAGED_LABEL } from '../../api/our-names.ts';
import type { InventoryEntry } from '../../api/install/istio-operator-status.ts';
import { objectKey, refOf, type KubeObject, type ObjectRef } from '../../core/kube-object.ts';
import { ownerSelector, type Owner } from '../../core/plan/owner-labels.ts';
import type { LiveRead } from '../../core/plan/plan-input.ts';
import { NEVER_PRUNED, SHARED_COMPONENT } from '../../core/plan/plan-prune.ts';
import { READER_ACCOUNT } from '../../core/render/base/reader-service-account.ts';
import { isKindNotServed } from '../../kube/errors.ts';
import type { KindRef, KubeApi } from '../../kube/kube-api.ts';
import { mapConcurrently } from '../../runtime/map-concurrently.ts';
import { type Dependencies } from './dependencies.ts';
import { CLUSTER_SCOPED, WATCHED_KINDS } from './watched-kinds.ts';

const CONCURRENCY = 8;

/** What the cluster holds, as far as one IstioOperator is concerned. */
export interface LiveObjects {
  /** Of every wanted object, by key. */
  reads: Map<string, LiveRead>;
  /** What carries the owner's labels, by key: cluster-scoped, or in a namespace where the owner has or wants something. */
  owned: Map<string, KubeObject>;
  /** One sentence for each kind that could not be searched; then nothing may be pruned. */
  failures: string[];
}

/** Reads by an API that shows at least what this process wrote: with less, a pass would write it again. */
export async function fetchLiveObjects(
  api: KubeApi,
  owner: Owner,
  wanted: readonly ObjectRef[],
  inventory: readonly InventoryEntry[],
): Promise<LiveObjects> {
  const refs = [...wanted, ...inventory];
  const owned = await fetchOwned(api, { owner, kinds: [...WATCHED_KINDS, ...refs], refs });
  const live: LiveObjects = { reads: new Map(), ...owned };
  await mapConcurrently(wanted, CONCURRENCY, async (ref) => {
    const key = objectKey(ref);
    const object = live.owned.get(key);
    live.reads.set(key, object ? { state: 'found', object } : await fetchOne(api, ref));
  });
  return live;
}

/** What is looked for by the owner's labels. */
export interface OwnedSearch {
  owner: Owner;
  kinds: readonly KindRef[];
  /** What the owner has or wants. */
  refs: readonly { namespace?: string | undefined }[];
}

/**
 * What carries the owner's labels: cluster-scoped, or in a namespace where the owner is, has or wants something. What is
 * found by labels anywhere else is not ours: labels are written by anyone.
 */
export async function fetchOwned(
  api: Pick<KubeApi, 'list'>,
  { owner, kinds, refs }: OwnedSearch,
): Promise<Pick<LiveObjects, 'owned' | 'failures'>> {
  const found: Pick<LiveObjects, 'owned' | 'failures'> = { owned: new Map(), failures: [] };
  const labelSelector = ownerSelector(owner);
  const namespaces = [...new Set([owner.namespace, ...refs.flatMap(({ namespace }) => namespace ?? [])])];
  await mapConcurrently(uniqueKinds(kinds), CONCURRENCY, async (kind) => {
    try {
      const places = CLUSTER_SCOPED.has(kind.kind) ? [{}] : namespaces.map((namespace) => ({ namespace }));
      for (const place of places) {
        const { items } = await api.list(kind, { labelSelector, ...place });
        for (const object of items) found.owned.set(objectKey(refOf(object)), object);
      }
    } catch (error) {
      // No such kind, hence no such object.
      if (!isKindNotServed(error)) found.failures.push(`${kind.kind}: ${errorText(error)}`);
    }
  });
  return found;
}

/**
 * What all IstioOperators share, whoever made it: cluster-scoped, and the reader account where control planes may be.
 * What is found by labels anywhere else is not ours.
 */
export async function fetchSharedObjects({
  api,
  policy,
}: Pick<Dependencies, 'api' | 'policy'>): Promise<{ objects: KubeObject[]; failures: string[] }> {
  const found: { objects: KubeObject[]; failures: string[] } = { objects: [], failures: [] };
  const labelSelector = `${MANAGED_LABEL}=true,${COMPONENT_LABEL}=${SHARED_COMPONENT}`;
  const kinds = WATCHED_KINDS.filter(({ kind }) => CLUSTER_SCOPED.has(kind) && !NEVER_PRUNED.has(kind));
  const search = async (kind: KindRef, fieldSelector?: string): Promise<void> => {
    try {
      const { items } = await api.list(kind, { labelSelector, ...(fieldSelector ? { fieldSelector } : {}) });
      for (const object of items) {
        const { namespace } = object.metadata;
        if (!namespace || !(await policy.judgeNamespace(namespace))) found.objects.push(object);
      }
    } catch (error) {
      if (!isKindNotServed(error)) found.failures.push(`${kind.kind}: ${errorText(error)}`);
    }
  };
  await mapConcurrently(kinds, CONCURRENCY, (kind) => search(kind));
  await search({ apiVersion: 'v1', kind: 'ServiceAccount' }, `metadata.name=${READER_ACCOUNT}`);
  return found;
}

async function fetchOne(api: KubeApi, ref: ObjectRef): Promise<LiveRead> {
  try {
    const object = await api.get(ref);
    return object ? { state: 'found', object } : { state: 'absent' };
  } catch (error) {
    return isKindNotServed(error) ? { state: 'absent' } : { state: 'failed', cause: errorText(error) };
  }
}

function uniqueKinds(kinds: readonly KindRef[]): KindRef[] {
  const byName = new Map(kinds.map(({ apiVersion, kind }) => [`${apiVersion}/${kind}`, { apiVersion, kind }]));
  return [...byName.values()];
}

import { isJsonObject, type KubeObject } from '../../core/kube-object.ts';
import type { UnreadKind } from '../../core/mesh/mesh-state.ts';
import { controllerUid } from '../../core/proxies/list-proxies.ts';
import { isForbidden, isKindNotServed } from '../../kube/errors.ts';
import type { KindRef, KubeApi } from '../../kube/kube-api.ts';
import { mapConcurrently } from '../../runtime/map-concurrently.ts';

const CONCURRENCY = 4;

/** What makes pods from a template of its own. */
const KINDS: readonly KindRef[] = [
  { apiVersion: 'apps/v1', kind: 'ReplicaSet' },
  { apiVersion: 'apps/v1', kind: 'StatefulSet' },
  { apiVersion: 'apps/v1', kind: 'DaemonSet' },
  { apiVersion: 'batch/v1', kind: 'Job' },
  { apiVersion: 'v1', kind: 'ReplicationController' },
];

/** What made pods, by UID, with no more than labels and template; and the kinds that could not be read. */
export interface Workloads {
  byUid: ReadonlyMap<string, KubeObject>;
  unread: readonly UnreadKind[];
}

/** Reads what made these pods: no kind of which none of them is, and nothing of what has no such pod. @throws ApiError */
export async function fetchWorkloads(api: Pick<KubeApi, 'list'>, pods: readonly KubeObject[]): Promise<Workloads> {
  const wanted = new Set(pods.map(controllerUid));
  const kinds = new Set(pods.flatMap(controllerKinds));
  const unread: UnreadKind[] = [];
  const lists = await mapConcurrently(
    KINDS.filter(({ kind }) => kinds.has(kind)),
    CONCURRENCY,
    async (ref) => {
      const reduce = (object: KubeObject): KubeObject | undefined =>
        wanted.has(uidOf(object)) ? templateOnly({ ...object, ...ref }) : undefined;
      try {
        return (await api.list(ref, { reduce })).items;
      } catch (error) {
        if (isKindNotServed(error)) return [];
        if (!isForbidden(error)) throw error;
        unread.push({ kind: ref.kind, why: error.message });
        return [];
      }
    },
  );
  return { byUid: new Map(lists.flat().map((object) => [uidOf(object), object])), unread };
}

function controllerKinds({ metadata }: KubeObject): string[] {
  const references = Array.isArray(metadata['ownerReferences']) ? metadata['ownerReferences'] : [];
  return references.filter(isJsonObject).flatMap(({ kind }) => (typeof kind === 'string' ? [kind] : []));
}

function uidOf({ metadata }: KubeObject): string {
  return typeof metadata['uid'] === 'string' ? metadata['uid'] : '';
}

function templateOnly({ apiVersion, kind, metadata, spec }: KubeObject): KubeObject {
  const { name, namespace, uid, labels = {} } = metadata;
  const { template } = isJsonObject(spec) ? spec : {};
  return { apiVersion, kind, metadata: { name, ...(namespace ? { namespace } : {}), uid, labels }, spec: { template } };
}

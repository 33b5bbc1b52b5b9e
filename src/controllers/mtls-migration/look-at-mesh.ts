import { USUAL_NAMESPACE } from '../../api/istio-names.ts';
import { KIND, kindRefOf, type Kind } from '../../core/analyze/kinds.ts';
import { meshOfConfigMaps } from '../../core/analyze/mesh-of-config-maps.ts';
import { rootNamespaceOf } from '../../core/analyze/mesh-settings.ts';
import { slimForAnalysis } from '../../core/analyze/report/slim-object.ts';
import { MutableWorld, type World } from '../../core/analyze/world.ts';
import { resourceOf } from '../../core/analyze/world-from-objects.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import type { MigrationScope } from '../../core/mtls-migration/read-migration.ts';
import { isKindNotServed } from '../../kube/errors.ts';
import type { KubeApi } from '../../kube/kube-api.ts';

/** What a migration looks at. */
export interface SeenMesh {
  world: World;
  /** Of the scope, with what they say of themselves. */
  pods: readonly KubeObject[];
  /** PeerAuthentications of the migration's namespace. */
  policies: readonly KubeObject[];
  rootNamespace: string;
}

/** Read where the migration is, unless it is for the mesh. */
const OF_SCOPE: readonly Kind[] = [KIND.pod, KIND.service];
/** Those of other namespaces count, too. */
const OF_ALL: readonly Kind[] = [KIND.namespace, KIND.destinationRule, KIND.peerAuthentication];

/** Reads what decides about a migration; nothing of it is kept. Rejects with ApiError. */
export async function lookAtMesh(
  api: Pick<KubeApi, 'list' | 'get'>,
  { namespace, scope }: { namespace: string; scope: MigrationScope },
  now: number,
): Promise<SeenMesh> {
  const place = scope.kind === 'mesh' ? {} : { namespace };
  const lists = await Promise.all([
    ...OF_SCOPE.map((kind) => readKind(api, kind, place)),
    ...OF_ALL.map((kind) => readKind(api, kind, {})),
    readMeshConfig(api),
  ]);
  const objects = lists.flat();
  const resources = objects.flatMap((value) => resourceOf({ value, origin: {} }, '') ?? []);
  const surroundings = { now, readCertificate: () => undefined };
  const world = new MutableWorld([...resources, ...meshOfConfigMaps(resources, USUAL_NAMESPACE)], surroundings);
  return {
    world,
    pods: objects.filter(({ kind }) => kind === 'Pod'),
    policies: objects.filter(({ kind, metadata }) => kind === 'PeerAuthentication' && metadata.namespace === namespace),
    rootNamespace: rootNamespaceOf(world),
  };
}

async function readKind(api: Pick<KubeApi, 'list'>, kind: Kind, place: { namespace?: string }): Promise<KubeObject[]> {
  const ref = kindRefOf(kind);
  try {
    const { items } = await api.list(ref, { ...place, reduce: (object) => slim({ ...object, ...ref }) });
    return items.map((item) => ({ ...item, ...ref }));
  } catch (error) {
    if (isKindNotServed(error)) return [];
    throw error;
  }
}

/** As for analysis; of pods also how they fare, of all who owns them and since when they are there. */
function slim(object: KubeObject): KubeObject {
  const { creationTimestamp, deletionTimestamp, managedFields, resourceVersion, uid } = object.metadata;
  const isPod = object.kind === 'Pod';
  const kept = { creationTimestamp, deletionTimestamp, uid, ...(isPod ? {} : { managedFields, resourceVersion }) };
  const slimmed = slimForAnalysis(object);
  const times = Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
  return {
    ...slimmed,
    metadata: { ...slimmed.metadata, ...times },
    ...(isPod && object['status'] !== undefined ? { status: object['status'] } : {}),
  };
}

async function readMeshConfig(api: Pick<KubeApi, 'get'>): Promise<KubeObject[]> {
  const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: USUAL_NAMESPACE, name: 'istio' };
  const found = await api.get(ref);
  return found ? [{ ...found, apiVersion: 'v1', kind: 'ConfigMap' }] : [];
}

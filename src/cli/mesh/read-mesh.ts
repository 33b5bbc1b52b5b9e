import type { Kind } from '../../core/analyze/kinds.ts';
import { MutableWorld } from '../../core/analyze/world.ts';
import { meshOfConfigMaps } from '../../core/analyze/mesh-of-config-maps.ts';
import { resourceOf } from '../../core/analyze/world-from-objects.ts';
import { isJsonObject, type KubeObject } from '../../core/kube-object.ts';
import { toMeshState, type MeshState } from '../../core/mesh/mesh-state.ts';
import { readCertificate } from '../../runtime/read-certificate.ts';
import { originOf, readObjects, type FileObject } from '../files/read-documents.ts';
import type { ClusterFlags } from '../shell/connect-cluster.ts';
import { InputError } from '../shell/input-error.ts';

/** Where a mesh is read from: files where any are named, else the cluster. */
export interface MeshFlags extends ClusterFlags {
  filename: readonly string[];
  /** Where objects in files belong that name no namespace. */
  namespace: string | undefined;
  istioNamespace: string;
}

/** A mesh, and all of it together as analysis sees it. */
export interface ReadMesh {
  mesh: MeshState;
  world: MutableWorld;
  /** What files have beside objects. */
  notes: readonly string[];
}

/** Reads the kinds that a command needs, of which it must know all. @throws ApiError, InputError */
export async function readMesh(flags: MeshFlags, kinds: readonly Kind[]): Promise<ReadMesh> {
  const { mesh, notes } = flags.filename.length > 0 ? readFiles(flags) : await readCluster(flags, kinds);
  return { mesh, world: new MutableWorld(mesh.resources, { now: Date.now(), readCertificate }), notes };
}

type Read = Omit<ReadMesh, 'world'>;

async function readCluster(flags: MeshFlags, kinds: readonly Kind[]): Promise<Read> {
  // The client of the API server takes long to load, and files need none.
  const { fetchWholeMesh } = await import('./fetch-whole-mesh.ts');
  return { mesh: await fetchWholeMesh(flags, { istioNamespace: flags.istioNamespace, kinds }), notes: [] };
}

function readFiles({ filename, namespace = 'default', istioNamespace }: MeshFlags): Read {
  const { objects, problems, notes } = readObjects(filename);
  const [problem] = problems;
  if (problem !== undefined) throw new InputError(problem);
  const placed = objects.flatMap((object) => withNamespace(object, namespace) ?? []);
  const resources = placed.flatMap(({ value, origin }) => resourceOf({ value, origin }, namespace) ?? []);
  const state = toMeshState({ objects: placed.map(({ value }) => value), unread: [] }, istioNamespace);
  return { mesh: { ...state, resources: [...resources, ...meshOfConfigMaps(resources, istioNamespace)] }, notes };
}

/** Nothing for a document that is no object with a name. */
function withNamespace(object: FileObject, fallback: string) {
  const { value } = object;
  const { metadata } = value;
  if (!isJsonObject(metadata) || typeof metadata.name !== 'string') return undefined;
  const { namespace = fallback } = metadata;
  const placed = { ...value, metadata: { ...metadata, namespace } } as unknown as KubeObject;
  return { value: placed, origin: originOf(object) };
}

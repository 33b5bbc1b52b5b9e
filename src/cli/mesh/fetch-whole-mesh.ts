import { kindRefOf, type Kind } from '../../core/analyze/kinds.ts';
import type { MeshState } from '../../core/mesh/mesh-state.ts';
import { connectCluster, type ClusterFlags } from '../shell/connect-cluster.ts';
import { InputError } from '../shell/input-error.ts';
import { fetchMesh, type MeshQuestion } from './fetch-mesh.ts';

/**
 * The mesh of a cluster, for a command that would tell what is not so if it knew only a part.
 * @throws ApiError; InputError where rights are missing, with what they are and who can give them
 */
export async function fetchWholeMesh(flags: ClusterFlags, question: MeshQuestion): Promise<MeshState> {
  const client = connectCluster(flags);
  try {
    const mesh = await fetchMesh(client, question);
    requireKinds(mesh, question.kinds ?? []);
    return mesh;
  } finally {
    client.close();
  }
}

/** Refuses a mesh of which one of these kinds could not be read. @throws InputError */
export function requireKinds({ unread }: Pick<MeshState, 'unread'>, kinds: readonly Kind[]): void {
  const wanted = new Set(kinds.map((kind) => kindRefOf(kind).kind));
  const missing = unread.filter(({ kind }) => wanted.has(kind));
  const [first] = missing;
  if (first === undefined) return;
  throw new InputError(
    `your rights do not show all of the mesh: ${first.why}. Whoever administers the cluster can bind you to a ` +
      `ClusterRole with the verb list for ${missing.map(({ kind }) => kind).join(', ')}`,
  );
}

import { USUAL_NAMESPACE } from '../../api/istio-names.ts';
import { KIND } from '../../core/analyze/kinds.ts';
import { describeUnread, type MeshState } from '../../core/mesh/mesh-state.ts';
import { describeControlPlanes } from '../../core/report/control-planes.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import { VERSION } from '../../version.ts';
import { fetchMesh } from '../mesh/fetch-mesh.ts';
import type { Call } from '../shell/command.ts';
import { report, type Io } from '../shell/io.ts';
import { toStructured } from '../shell/structured.ts';
import { withCluster } from '../shell/with-cluster.ts';
import { describeOperators, type MeshStatus } from '../status/mesh-status.ts';
import { controlPlanes, operators } from '../status/status-text.ts';
import type { VERSION_OPTIONS } from './options.ts';

/** The versions of what runs in a cluster. */
export type ClusterVersions = Pick<MeshStatus, 'operators' | 'controlPlanes'> & Pick<MeshState, 'unread'>;

type Flags = Call<typeof VERSION_OPTIONS>['flags'];

/** The part of `sailwright version` for which a cluster is asked: the exit code. @throws ApiError, KubeConfigError */
export async function tellClusterVersions({ output, ...flags }: Flags, io: Io): Promise<number> {
  const versions = await withCluster(flags, fetchVersions);
  const { unread } = versions;
  io.out(output === 'text' ? versionsText(versions, io) : toStructured({ version: VERSION, ...versions }, output));
  report(io, { warnings: unread.map(describeUnread) });
  return 0;
}

/** Reads what tells of versions. @throws ApiError */
export async function fetchVersions(api: Pick<KubeApi, 'list'>): Promise<ClusterVersions> {
  const kinds = [KIND.deployment, KIND.configMap];
  const { objects, unread } = await fetchMesh(api, { istioNamespace: USUAL_NAMESPACE, kinds });
  return { operators: describeOperators(objects), controlPlanes: describeControlPlanes(objects), unread };
}

/** The same for people. */
export function versionsText(
  versions: ClusterVersions,
  { isTerminal, columns }: Pick<Io, 'isTerminal' | 'columns'>,
): string {
  const look = { columns: isTerminal ? columns : Infinity, isColoured: false };
  const planes = controlPlanes(versions, look) || 'no control plane in sight\n';
  return `\n${operators(versions, look)}\n${planes}`;
}

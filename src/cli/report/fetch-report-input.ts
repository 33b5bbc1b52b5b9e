import type { Surroundings } from '../../core/analyze/world.ts';
import type { ReportInput } from '../../core/report/compute-report.ts';
import { REPORT_KINDS } from '../../core/report/report-kinds.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import { loadKubeConfig } from '../../kube/kube-config.ts';
import { VERSION } from '../../version.ts';
import { fetchMesh } from '../mesh/fetch-mesh.ts';
import { connectCluster, type ClusterFlags } from '../shell/connect-cluster.ts';

/** Which cluster, and where its control planes are. */
export interface ClusterQuestion extends ClusterFlags {
  istioNamespace: string;
}

/** Reads a cluster once. @throws ApiError, KubeConfigError */
export async function fetchReportInput(flags: ClusterQuestion, surroundings: Surroundings): Promise<ReportInput> {
  const api = connectCluster(flags);
  try {
    return await fetchInput(api, flags, surroundings);
  } finally {
    api.close();
  }
}

/** The same by a client that stays. @throws ApiError */
export async function fetchInput(
  api: Pick<KubeApi, 'list'>,
  flags: ClusterQuestion,
  surroundings: Surroundings,
): Promise<ReportInput> {
  const mesh = await fetchMesh(api, { istioNamespace: flags.istioNamespace, kinds: REPORT_KINDS, hasChanges: true });
  const name = flags.context ?? loadKubeConfig(flags.kubeconfig, flags.context).getCurrentContext();
  return { source: { kind: 'cluster', name, sailwright: VERSION }, surroundings, mesh };
}

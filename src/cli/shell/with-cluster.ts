import type { KubeApi } from '../../kube/kube-api.ts';
import { connectCluster, type ClusterFlags } from './connect-cluster.ts';

/** Does something with a cluster, and closes the way there. @throws ApiError, KubeConfigError */
export async function withCluster<Result>(
  flags: ClusterFlags,
  act: (api: KubeApi) => Promise<Result>,
): Promise<Result> {
  const client = connectCluster(flags);
  try {
    return await act(client);
  } finally {
    client.close();
  }
}

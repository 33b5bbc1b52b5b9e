import { fetchAnalyzedObjects } from '../../controllers/analysis-reporter/fetch-objects.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { connectCluster, type ClusterFlags } from '../shell/connect-cluster.ts';

/** Everything in the cluster that analysis looks at. */
export async function fetchObjects(cluster: ClusterFlags): Promise<KubeObject[]> {
  const api = connectCluster(cluster);
  try {
    return await fetchAnalyzedObjects(api);
  } finally {
    api.close();
  }
}

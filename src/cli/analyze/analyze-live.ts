import { fetchAnalyzedObjects } from '../../controllers/analysis-reporter/fetch-objects.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { VERSION } from '../../version.ts';
import { createKubeClient, loadKubeConfig } from '../../kube/client.ts';

/** Everything in the cluster that analysis looks at. */
export async function fetchObjects(kubeconfig?: string): Promise<KubeObject[]> {
  const api = createKubeClient({ version: VERSION, kubeConfig: loadKubeConfig(kubeconfig) });
  try {
    return await fetchAnalyzedObjects(api);
  } finally {
    api.close();
  }
}

import { ISTIO_OPERATOR } from '../../api/install/istio-operator-kind.ts';
import { INJECTOR_KIND } from '../../core/webhook-configuration.ts';
import { ApiError } from '../../kube/errors.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import { connectCluster, type ClusterFlags } from '../shell/connect-cluster.ts';
import { UsageError } from '../shell/usage-error.ts';
import type { TagWorld } from './plan-tag-change.ts';

/** @throws ApiError */
export async function fetchTagWorld(api: KubeApi): Promise<TagWorld> {
  const { apiVersion, kind } = ISTIO_OPERATOR;
  const [resources, webhooks, namespaces] = await Promise.all([
    api.list({ apiVersion, kind }),
    api.list(INJECTOR_KIND),
    api.list({ apiVersion: 'v1', kind: 'Namespace' }, { metadataOnly: true }),
  ]);
  return { resources: resources.items, webhooks: webhooks.items, namespaces: namespaces.items };
}

/** Does something with a cluster, and closes the way there. @throws UsageError when it cannot be asked */
export async function withCluster<Result>(
  flags: ClusterFlags,
  act: (api: KubeApi) => Promise<Result>,
): Promise<Result> {
  const client = connectCluster(flags);
  try {
    return await act(client);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new UsageError(`the cluster could not be asked: ${error.message}`);
  } finally {
    client.close();
  }
}

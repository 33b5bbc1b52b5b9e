import { ISTIO_OPERATOR } from '../../api/install/istio-operator-kind.ts';
import { INJECTOR_KIND } from '../../core/webhook-configuration.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import type { TagWorld } from '../../core/plan/tag-change.ts';

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

import { INJECTOR_KIND } from '../../core/webhook-configuration.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import type { TagWorld } from '../../core/plan/tag-change.ts';
import { fetchIstioOperators } from '../shell/fetch-istio-operators.ts';

/** @throws ApiError */
export async function fetchTagWorld(api: KubeApi): Promise<TagWorld> {
  const [resources, webhooks, namespaces] = await Promise.all([
    fetchIstioOperators(api),
    api.list(INJECTOR_KIND),
    api.list({ apiVersion: 'v1', kind: 'Namespace' }, { metadataOnly: true }),
  ]);
  return { resources, webhooks: webhooks.items, namespaces: namespaces.items };
}

import type { KubeObject } from '../../core/kube-object.ts';
import { INJECTOR_KIND } from '../../core/webhook-configuration.ts';
import type { FollowerWorld } from '../../core/plan/tag-followers.ts';
import { ApiError } from '../../kube/errors.ts';
import type { KindRef, KubeApi } from '../../kube/kube-api.ts';
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

const DEPLOYMENTS = { apiVersion: 'apps/v1', kind: 'Deployment' };
const GATEWAYS = { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway' };

/** What else a tag may lead. What cannot be read is taken for not there: it is looked at for advice. */
export async function fetchFollowerWorld(api: KubeApi, { webhooks, namespaces }: TagWorld): Promise<FollowerWorld> {
  const [deployments, gateways] = await Promise.all([listReadable(api, DEPLOYMENTS), listReadable(api, GATEWAYS)]);
  return { webhooks, namespaces, deployments, gateways };
}

async function listReadable(api: KubeApi, kind: KindRef): Promise<KubeObject[]> {
  try {
    return (await api.list(kind)).items;
  } catch (error) {
    if (error instanceof ApiError) return [];
    throw error;
  }
}

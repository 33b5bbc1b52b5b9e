import { PROXY_ROLLOUT } from '../../api/rollout/proxy-rollout.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { isKindNotServed } from '../../kube/errors.ts';
import type { KubeApi } from '../../kube/kube-api.ts';

/** The ProxyRollouts of a namespace, or all; none where the cluster does not know the kind. */
export async function fetchRollouts(api: Pick<KubeApi, 'list'>, namespace?: string): Promise<KubeObject[]> {
  try {
    return (await api.list(PROXY_ROLLOUT, namespace === undefined ? {} : { namespace })).items;
  } catch (error) {
    if (isKindNotServed(error)) return [];
    throw error;
  }
}

import { ISTIO_OPERATOR } from '../../api/install/istio-operator-kind.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { isKindNotServed } from '../../kube/errors.ts';
import type { KubeApi } from '../../kube/kube-api.ts';

/** The IstioOperators of that name and namespace, or all; none where the cluster does not know the kind. */
export async function fetchIstioOperators(
  api: Pick<KubeApi, 'list'>,
  name?: string,
  namespace?: string,
): Promise<KubeObject[]> {
  try {
    const { items } = await api.list(ISTIO_OPERATOR, namespace === undefined ? {} : { namespace });
    return name === undefined ? items : items.filter(({ metadata }) => metadata.name === name);
  } catch (error) {
    if (isKindNotServed(error)) return [];
    throw error;
  }
}

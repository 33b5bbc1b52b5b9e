import type { KubeObject } from '../../core/kube-object.ts';
import { isKindNotServed } from '../../kube/errors.ts';
import type { KindRef, KubeApi } from '../../kube/kube-api.ts';

/** The resources of a kind of ours in a namespace, or all; none where the cluster does not know the kind. */
export async function fetchChanges(
  api: Pick<KubeApi, 'list'>,
  { apiVersion, kind }: KindRef,
  namespace?: string,
): Promise<KubeObject[]> {
  try {
    return (await api.list({ apiVersion, kind }, namespace === undefined ? {} : { namespace })).items;
  } catch (error) {
    if (isKindNotServed(error)) return [];
    throw error;
  }
}

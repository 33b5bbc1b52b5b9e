import type { InventoryEntry, IstioOperatorStatus } from '../../api/install/istio-operator-status.ts';
import { refOf, type KubeObject } from '../../core/kube-object.ts';
import type { Dependencies } from './dependencies.ts';

/** What a resource has: as its status lists it, or as it renders when the status was lost, as by a backup without it. */
export async function inventoryOf({
  deps,
  resource,
  status,
  kubeVersion,
}: {
  deps: Pick<Dependencies, 'render'>;
  resource: KubeObject;
  status: IstioOperatorStatus;
  kubeVersion: string;
}): Promise<InventoryEntry[]> {
  if (status.inventory) return status.inventory;
  const rendered = await deps.render(resource, kubeVersion);
  if (!rendered.ok) return [];
  return rendered.value.components.flatMap(({ component, objects }) =>
    objects.map((object) => ({ ...refOf(object), component })),
  );
}

import {
  COMPONENT_LABEL,
  MANAGED_LABEL,
  OWNER_NAMESPACE_LABEL,
  OWNER_NAME_LABEL,
  RECONCILE_LABEL,
} from '../../api/our-names.ts';
import { REVISION_LABEL } from '../../api/istio-names.ts';
import type { KubeObject } from '../kube-object.ts';
import type { ComponentName } from '../components.ts';

/** The IstioOperator that objects belong to. */
export interface Owner {
  name: string;
  namespace: string;
}

/** `namespace/name`: how queues, logs and messages name an IstioOperator. */
export function ownerKey(owner: Owner): string {
  return `${owner.namespace}/${owner.name}`;
}

/** Who owns an object, as its labels say. */
export function ownerOf(object: KubeObject): Owner | undefined {
  const { labels } = object.metadata;
  const name = labels?.[OWNER_NAME_LABEL];
  const namespace = labels?.[OWNER_NAMESPACE_LABEL];
  return name && namespace && labels[MANAGED_LABEL] === 'true' ? { name, namespace } : undefined;
}

export function isOwnedBy(object: KubeObject, owner: Owner): boolean {
  const found = ownerOf(object);
  return found !== undefined && ownerKey(found) === ownerKey(owner);
}

/** Selects what the labels give to this owner. */
export function ownerSelector(owner: Owner): string {
  return `${MANAGED_LABEL}=true,${OWNER_NAME_LABEL}=${owner.name},${OWNER_NAMESPACE_LABEL}=${owner.namespace}`;
}

/** The object with the labels that tie it to its owner. Pod templates are left alone: a label there restarts pods. */
export function withOwnerLabels(
  object: KubeObject,
  tie: { owner: Owner; component: ComponentName; revision: string },
): KubeObject {
  const labels = {
    // A revision tag's webhooks carry the revision that the tag points to. On a namespace it would ask for injection.
    ...(object.kind === 'Namespace' ? {} : { [REVISION_LABEL]: tie.revision || 'default' }),
    ...object.metadata.labels,
    [OWNER_NAME_LABEL]: tie.owner.name,
    [OWNER_NAMESPACE_LABEL]: tie.owner.namespace,
    [COMPONENT_LABEL]: tie.component,
    [RECONCILE_LABEL]: 'Reconcile',
    [MANAGED_LABEL]: 'true',
  };
  return { ...object, metadata: { ...object.metadata, labels } };
}

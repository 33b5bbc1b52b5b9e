import { SYSTEM_NAMESPACES } from '../../api/istio-names.ts';
import { CONTROL_PLANE_LABEL } from '../../api/our-names.ts';
import type { Problem } from '../problem.ts';
import type { ComponentName } from '../components.ts';
import type { Rendered } from '../render/index.ts';

/** One namespace that a resource needs, and for what. */
export interface Placement {
  namespace: string;
  /** Field path of what puts it there. */
  path: string;
}

/** Fixed places of charts: OpenShift's profile puts node agents and their network there. */
const FIXED_PLACES: Readonly<Partial<Record<ComponentName, readonly string[]>>> = {
  Cni: ['kube-system', 'default'],
  Ztunnel: ['kube-system'],
};

const PATHS: Readonly<Record<ComponentName, string>> = {
  Base: 'spec.components.base',
  Pilot: 'spec.components.pilot',
  IngressGateways: 'spec.components.ingressGateways',
  EgressGateways: 'spec.components.egressGateways',
  Cni: 'spec.components.cni',
  Ztunnel: 'spec.components.ztunnel',
};

/**
 * The namespaces that must be allowed before a resource is applied: its own, and those of its control plane. Gateways
 * may stand anywhere but in the cluster's and the operator's own namespaces.
 */
export function computePlacements(
  rendered: Rendered,
  home: { namespace: string; operatorNamespace: string },
): Placement[] {
  const placements = new Map<string, Placement>();
  const add = (namespace: string, path: string): void => {
    placements.set(`${namespace} ${path}`, { namespace, path });
  };
  add(home.namespace, 'metadata.namespace');
  for (const { component, objects } of rendered.components) {
    const isGateway = component === 'IngressGateways' || component === 'EgressGateways';
    // Who runs something in a system namespace under a controller's account has that controller's rights.
    const isFree = (namespace: string): boolean =>
      isGateway
        ? !SYSTEM_NAMESPACES.includes(namespace) && namespace !== home.operatorNamespace
        : (FIXED_PLACES[component]?.includes(namespace) ?? false);
    for (const { metadata } of objects) {
      if (metadata.namespace && !isFree(metadata.namespace)) add(metadata.namespace, PATHS[component]);
    }
  }
  return [...placements.values()];
}

/** What is wrong with placements outside of the allowed namespaces. */
export function findMisplaced(placements: readonly Placement[], allowed: ReadonlySet<string>): Problem[] {
  return placements
    .filter(({ namespace }) => !allowed.has(namespace))
    .map(({ namespace, path }) => ({
      path,
      code: 'NamespaceForbidden',
      message: `namespace ${namespace} is not one for IstioOperators and control planes`,
      hint: `an administrator allows it with the label ${CONTROL_PLANE_LABEL}=true on the Namespace, or the operator's flag --control-plane-namespaces`,
    }));
}

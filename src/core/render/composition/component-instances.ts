import { PROXY_CONTAINER, USUAL_NAMESPACE } from '../../../api/istio-names.ts';
import { isJsonObject } from '../../kube-object.ts';
import type { JsonObject } from '../../kube-object.ts';
import { COMPONENTS } from '../../components.ts';
import type { ComponentName } from '../../components.ts';
import { getAt } from '../../values/tree-path.ts';

/** What Istio's API knows about a component beside its chart. */
export interface ComponentTraits {
  /** Key below `spec.components`. */
  key: string;
  /** Whether it is installed when `spec.components` does not name it. */
  byDefault: boolean;
  /** A list of gateways. */
  many: boolean;
  /** Where its settings stand below `spec.values`. */
  valuesPath: readonly string[];
  /** Kind and name of its workload, and the container that settings are for. */
  workload: { kind: 'Deployment' | 'DaemonSet'; name: string; container: string } | undefined;
}

const gateway = (key: string, name: string, byDefault: boolean): ComponentTraits => ({
  key,
  byDefault,
  many: true,
  valuesPath: ['gateways', name],
  workload: { kind: 'Deployment', name, container: PROXY_CONTAINER },
});

export const COMPONENT_TRAITS: Readonly<Record<ComponentName, ComponentTraits>> = {
  Base: { key: 'base', byDefault: true, many: false, valuesPath: ['global'], workload: undefined },
  Pilot: {
    key: 'pilot',
    byDefault: true,
    many: false,
    valuesPath: ['pilot'],
    workload: { kind: 'Deployment', name: 'istiod', container: 'discovery' },
  },
  IngressGateways: gateway('ingressGateways', 'istio-ingressgateway', true),
  EgressGateways: gateway('egressGateways', 'istio-egressgateway', false),
  Cni: {
    key: 'cni',
    byDefault: false,
    many: false,
    valuesPath: ['cni'],
    workload: { kind: 'DaemonSet', name: 'istio-cni-node', container: 'install-cni' },
  },
  Ztunnel: {
    key: 'ztunnel',
    byDefault: false,
    many: false,
    valuesPath: ['ztunnel'],
    workload: { kind: 'DaemonSet', name: 'ztunnel', container: PROXY_CONTAINER },
  },
};

/** One component to render, or one gateway of a gateway component. */
export interface ComponentInstance {
  component: ComponentName;
  traits: ComponentTraits;
  /** Field path of its settings, for messages. */
  path: string;
  namespace: string;
  /** Its entry in `spec.components`; empty when the resource does not name it. */
  settings: JsonObject;
}

/** The components that the resource turns on, in the order in which they are rendered. */
export function computeInstances(tree: JsonObject): ComponentInstance[] {
  return COMPONENTS.flatMap((component) => instancesOf(tree, component));
}

function instancesOf(tree: JsonObject, component: ComponentName): ComponentInstance[] {
  const traits = COMPONENT_TRAITS[component];
  const path = `spec.components.${traits.key}`;
  const found = getAt(tree, ['spec', 'components', traits.key]);
  const forced = traits.many && getAt(tree, ['spec', 'values', ...traits.valuesPath, 'enabled']) === true;
  const entries = Array.isArray(found)
    ? found.map((item, i) => ({ item, path: `${path}[${i}]` }))
    : isJsonObject(found)
      ? [{ item: found, path }]
      : traits.byDefault || forced
        ? [{ item: {}, path }]
        : [];
  return entries.flatMap((entry) => {
    const settings = isJsonObject(entry.item) ? entry.item : {};
    if (!forced && settings['enabled'] === false) return [];
    return [{ component, traits, path: entry.path, namespace: namespaceOf(tree, settings), settings }];
  });
}

function namespaceOf(tree: JsonObject, settings: JsonObject): string {
  const candidates = [settings['namespace'], getAt(tree, ['metadata', 'namespace'])];
  const chosen = candidates.find((candidate) => typeof candidate === 'string' && candidate !== '');
  return typeof chosen === 'string' ? chosen : USUAL_NAMESPACE;
}

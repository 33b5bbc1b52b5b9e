import type { ChartContext } from '../chart.ts';
import { RELEASE_NAME, bareLabel, ownershipLabels, standardLabels } from '../labels.ts';
import type { ChartName } from '../labels.ts';
import { objectAt, valueAt } from '../../values/value-tree.ts';
import type { Values } from '../../values/value-tree.ts';

/** Where the ingress and the egress chart differ. */
export interface GatewayKind {
  component: 'IngressGateways' | 'EgressGateways';
  chart: ChartName;
  /** Key under `values.gateways`, default name and `app.kubernetes.io/name` in one. */
  root: 'istio-ingressgateway' | 'istio-egressgateway';
  /** Value of label `istio` that the network policy carries. */
  role: 'ingressgateway' | 'egressgateway';
  /** Key of the further service ports. */
  extraPorts: 'ingressPorts' | 'egressPorts';
}

/** One gateway to render: its kind, its settings and the names and labels that all its objects share. */
export interface GatewayInstance {
  kind: GatewayKind;
  context: ChartContext;
  /** `values.gateways.<root>` with name, labels and ports of this instance. */
  settings: Values;
  /** The name as a field value; in upstream's form it may have been typed by YAML. */
  name: string;
  /** Labels that select the gateway's pods. */
  labels: Record<string, string>;
}

/** Picks the settings of one gateway out of the chart's values. */
export function gatewayInstance(context: ChartContext, kind: GatewayKind): GatewayInstance {
  const settings = objectAt(objectAt(context.values, 'gateways'), kind.root);
  return {
    kind,
    context,
    settings,
    name: bareLabel(context, valueAt(settings, 'name')),
    labels: objectAt(settings, 'labels') as Record<string, string>,
  };
}

/** A name derived from the gateway's; the empty prefix stands for a gateway without a name. */
export function derivedName(gateway: GatewayInstance, suffix: string): string {
  return `${gateway.name ?? ''}-${suffix}`;
}

/** Labels of every object of the gateway. */
export function commonLabels({ context, kind }: GatewayInstance): Record<string, string> {
  return {
    release: RELEASE_NAME,
    ...ownershipLabels(context, kind.component),
    'app.kubernetes.io/name': kind.root,
    ...standardLabels(context, kind.chart),
  };
}

/** Labels of the objects that also carry the gateway's own labels. */
export function objectLabels(gateway: GatewayInstance): Record<string, string> {
  return { ...gateway.labels, ...commonLabels(gateway) };
}

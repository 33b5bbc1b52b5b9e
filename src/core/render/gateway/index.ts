import { renderAutoscaler } from './autoscaler.ts';
import { renderDeployment } from './deployment.ts';
import { renderDisruptionBudget } from './disruption-budget.ts';
import { renderInjectedDeployment } from './injected-deployment.ts';
import { gatewayInstance } from './instance.ts';
import type { GatewayInstance, GatewayKind } from './instance.ts';
import { renderNetworkPolicy } from './network-policy.ts';
import { renderRole, renderRoleBinding, renderServiceAccount } from './service-account.ts';
import { renderService } from './service.ts';
import type { ChartContext, ChartRenderer } from '../chart.ts';
import { isTruthy, valueAt } from '../../values/value-tree.ts';
import type { KubeObject } from '../../kube-object.ts';

const INGRESS: GatewayKind = {
  component: 'IngressGateways',
  chart: 'istio-ingress',
  root: 'istio-ingressgateway',
  role: 'ingressgateway',
  extraPorts: 'ingressPorts',
};

const EGRESS: GatewayKind = {
  component: 'EgressGateways',
  chart: 'istio-egress',
  root: 'istio-egressgateway',
  role: 'egressgateway',
  extraPorts: 'egressPorts',
};

/** Renders one ingress gateway. */
export const renderIngressGateway: ChartRenderer = (context) => renderGateway(context, INGRESS);

/** Renders one egress gateway. */
export const renderEgressGateway: ChartRenderer = (context) => renderGateway(context, EGRESS);

function renderGateway(context: ChartContext, kind: GatewayKind): KubeObject[] {
  const gateway = gatewayInstance(context, kind);
  return [
    renderServiceAccount(gateway),
    renderRole(gateway),
    renderRoleBinding(gateway),
    isInjected(gateway) ? renderInjectedDeployment(gateway) : renderDeployment(gateway),
    renderService(gateway),
    renderAutoscaler(gateway),
    renderDisruptionBudget(gateway),
    renderNetworkPolicy(gateway),
  ].flat();
}

/** Upstream takes a null template for one as well, because null is not the empty text; ours does not. */
function isInjected({ context, settings }: GatewayInstance): boolean {
  const template = valueAt(settings, 'injectionTemplate');
  return context.form === 'upstream' ? template !== '' : isTruthy(template);
}

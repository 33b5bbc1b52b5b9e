import { inScope, isOn } from '../../values/value-tree.ts';
import { isAutoscaled, renderAutoscaler } from './autoscaler.ts';
import { renderClusterRoles } from './cluster-role.ts';
import { renderInjectorConfigMap } from './config-map-injector.ts';
import { renderJwksConfigMap } from './config-map-jwks.ts';
import { renderMeshConfigMap } from './config-map-mesh.ts';
import { renderValuesConfigMap } from './config-map-values.ts';
import { renderDeployment } from './deployment.ts';
import { renderDisruptionBudget, wantsDisruptionBudget } from './disruption-budget.ts';
import { renderGatewayClassConfigMaps } from './gateway-class.ts';
import { needsIstiodRights, runsIstiod } from './identity.ts';
import { renderMutatingWebhook } from './mutating-webhook.ts';
import { renderNetworkPolicy } from './network-policy.ts';
import { renderReaderRoles, wantsReader } from './reader-role.ts';
import { renderRemoteEndpointSlice, renderRemoteService } from './remote-service.ts';
import { renderRevisionTags } from './revision-tag.ts';
import { renderRole, renderRoleBinding } from './role.ts';
import { renderServiceAccount } from './service-account.ts';
import { renderService } from './service.ts';
import { renderRevisionPolicy, renderValidatingWebhook } from './validating-webhook.ts';
import type { ChartContext, ChartRenderer } from '../chart.ts';
import type { KubeObject } from '../../kube-object.ts';

function renderWorkload(context: ChartContext): KubeObject[] {
  if (!inScope(context.values, 'namespace') || !runsIstiod(context)) return [];
  return [
    ...(isOn(context.values, 'jwksResolverExtraRootCA') ? [renderJwksConfigMap(context)] : []),
    renderDeployment(context),
    renderService(context),
    ...(isAutoscaled(context) ? [renderAutoscaler(context)] : []),
    ...(wantsDisruptionBudget(context) ? [renderDisruptionBudget(context)] : []),
  ];
}

function renderRights(context: ChartContext): KubeObject[] {
  const rights = needsIstiodRights(context);
  return [
    ...(rights && inScope(context.values, 'namespace')
      ? [renderServiceAccount(context), renderRole(context), renderRoleBinding(context)]
      : []),
    ...(rights ? renderClusterRoles(context) : []),
    ...(inScope(context.values, 'cluster') && wantsReader(context) ? renderReaderRoles(context) : []),
  ];
}

function renderConfiguration(context: ChartContext): KubeObject[] {
  const { values } = context;
  if (!inScope(values, 'namespace')) return [];
  return [
    ...(isOn(values, 'configMap') ? [renderMeshConfigMap(context)] : []),
    renderValuesConfigMap(context),
    ...(isOn(values, 'global.omitSidecarInjectorConfigMap') ? [] : [renderInjectorConfigMap(context)]),
    ...renderGatewayClassConfigMaps(context),
    ...(isOn(values, 'global.networkPolicy.enabled') ? [renderNetworkPolicy(context)] : []),
  ];
}

function renderAdmission(context: ChartContext): KubeObject[] {
  const { values } = context;
  const cluster = inScope(values, 'cluster');
  const rights = needsIstiodRights(context);
  return [
    ...(cluster && !isOn(values, 'global.operatorManageWebhooks') ? [renderMutatingWebhook(context)] : []),
    ...(cluster && rights && isOn(values, 'global.configValidation') ? [renderValidatingWebhook(context)] : []),
    ...(inScope(values, 'namespace') && rights && isOn(values, 'experimental.stableValidationPolicy')
      ? renderRevisionPolicy(context)
      : []),
  ];
}

function renderRemote(context: ChartContext): KubeObject[] {
  const { values } = context;
  const wanted = isOn(values, 'global.remotePilotAddress') && isOn(values, 'istiodRemote.enabled');
  if (!wanted || !inScope(values, 'namespace')) return [];
  return [renderRemoteService(context), ...renderRemoteEndpointSlice(context)];
}

/** istiod with its rights, configuration and webhooks, or a remote cluster's view of an istiod elsewhere. */
export const renderIstiod: ChartRenderer = (context) => [
  ...renderRights(context),
  ...renderConfiguration(context),
  ...renderWorkload(context),
  ...renderRemote(context),
  ...renderAdmission(context),
  ...renderRevisionTags(context),
];

import { isAnsweredByIstiod } from '../sailwright-service.ts';
import { firstTruthy, inScope, isOn, listAt, printed, str, valueAt } from '../../values/value-tree.ts';
import { usesClusterTrustBundle } from '../trust-bundle.ts';
import { clusterScopedName, istiodName, istioNamespace, rightsLabels } from './identity.ts';
import { rule } from './role.ts';
import type { PolicyRule } from './role.ts';
import type { ChartContext } from '../chart.ts';
import type { KubeObject } from '../../kube-object.ts';

const READ = ['get', 'list', 'watch'];
const WRITE = ['get', 'watch', 'list', 'update', 'patch', 'create', 'delete'];
const STATUS = ['update', 'patch'];

/** Istio's own API groups, past ones included: an older istiod beside this one still asks for them. */
export const ISTIO_GROUPS = [
  'config.istio.io',
  'security.istio.io',
  'networking.istio.io',
  'authentication.istio.io',
  'rbac.istio.io',
  'telemetry.istio.io',
  'extensions.istio.io',
];

const ANALYZED_KINDS = [
  'authorizationpolicies',
  'destinationrules',
  'envoyfilters',
  'gateways',
  'peerauthentications',
  'proxyconfigs',
  'requestauthentications',
  'serviceentries',
  'sidecars',
  'telemetries',
  'virtualservices',
  'wasmplugins',
  'workloadentries',
  'workloadgroups',
];

const GATEWAY_API_KINDS = [
  'backendtlspolicies',
  'gatewayclasses',
  'gateways',
  'grpcroutes',
  'httproutes',
  'referencegrants',
  'tcproutes',
  'tlsroutes',
  'udproutes',
  'listenersets',
];

const statusOf = (kinds: string[]): string[] => kinds.map((kind) => `${kind}/status`);

/** API group of multi-cluster services. */
export function multiClusterServicesGroup(context: ChartContext): string {
  return printed(firstTruthy(valueAt(context.values, 'env.MCS_API_GROUP'), 'multicluster.x-k8s.io'));
}

function configurationRules(context: ChartContext): PolicyRule[] {
  const analysis = isOn(context.values, 'global.istiod.enableAnalysis');
  return [
    ...webhookRules(context),
    rule(ISTIO_GROUPS, ['*'], ['get', 'watch', 'list']),
    ...(analysis ? [rule(ISTIO_GROUPS, statusOf(ANALYZED_KINDS), STATUS)] : []),
    rule(['networking.istio.io'], ['workloadentries'], WRITE),
    rule(['networking.istio.io'], statusOf(['workloadentries', 'serviceentries']), WRITE),
    rule(['security.istio.io'], statusOf(['authorizationpolicies']), WRITE),
    rule([''], statusOf(['services']), WRITE),
    rule(['apiextensions.k8s.io'], ['customresourcedefinitions'], READ),
  ];
}

/** Our webhook configurations are not istiod's to change, unless the user gives it their names back. */
function webhookRules(context: ChartContext): PolicyRule[] {
  const group = ['admissionregistration.k8s.io'];
  const mayWrite = (variable: string): boolean =>
    isAnsweredByIstiod(context) || isOn(context.values, `env.${variable}`);
  const injection = mayWrite('INJECTION_WEBHOOK_CONFIG_NAME') ? STATUS : [];
  const validation = mayWrite('VALIDATION_WEBHOOK_CONFIG_NAME') ? ['update'] : [];
  return [
    rule(group, ['mutatingwebhookconfigurations'], [...READ, ...injection]),
    rule(group, ['validatingwebhookconfigurations'], [...READ, ...validation]),
  ];
}

/** Upstream grants every verb; ours the ones in use, so that whoever writes this role needs no `*` either. */
function ingressStatusVerbs(context: ChartContext): string[] {
  return context.form === 'upstream' ? ['*'] : STATUS;
}

function discoveryRules(context: ChartContext): PolicyRule[] {
  const analysis = isOn(context.values, 'global.istiod.enableAnalysis');
  return [
    rule([''], ['pods', 'nodes', 'services', 'namespaces', 'endpoints'], READ),
    rule(['discovery.k8s.io'], ['endpointslices'], READ),
    ...(isOn(context.values, 'taint.enabled') ? [rule([''], ['nodes'], ['patch'])] : []),
    ...(analysis
      ? [
          rule(['extensions', 'networking.k8s.io'], ['ingresses'], READ),
          rule(['extensions', 'networking.k8s.io'], ['ingresses/status'], ingressStatusVerbs(context)),
        ]
      : []),
    rule(['networking.k8s.io'], ['ingresses', 'ingressclasses'], READ),
    rule(['networking.k8s.io'], ['ingresses/status'], ingressStatusVerbs(context)),
    rule([''], ['configmaps'], ['create', ...READ, 'update']),
  ];
}

function certificateRules(context: ChartContext): PolicyRule[] {
  const { values } = context;
  const rules: PolicyRule[] = [];
  const signsElsewhere = !['istiod', 'custom', 'none'].includes(str(values, 'global.pilotCertProvider'));
  if (isOn(values, 'env.EXTERNAL_CA') || signsElsewhere) {
    const requests = [
      'certificatesigningrequests',
      'certificatesigningrequests/approval',
      'certificatesigningrequests/status',
    ];
    rules.push(rule(['certificates.k8s.io'], requests, ['update', 'create', 'get', 'delete', 'watch']), {
      ...rule(['certificates.k8s.io'], ['signers'], ['approve']),
      resourceNames: listAt(values, 'global.certSigners').map(printed),
    });
  }
  if (usesClusterTrustBundle(context, 'env')) {
    rules.push(
      rule(['certificates.k8s.io'], ['clustertrustbundles'], ['update', 'create', 'delete', 'list', 'watch', 'get']),
      {
        ...rule(['certificates.k8s.io'], ['signers'], ['attest']),
        resourceNames: ['istio.io/istiod-ca'],
      },
    );
  }
  return rules;
}

function gatewayApiRules(context: ChartContext): PolicyRule[] {
  const experimental = ['xbackendtrafficpolicies', ...(context.traits.writesBackendStatus ? ['xbackends'] : [])];
  const services = [multiClusterServicesGroup(context)];
  return [
    rule(['authentication.k8s.io'], ['tokenreviews'], ['create']),
    rule(['authorization.k8s.io'], ['subjectaccessreviews'], ['create']),
    rule(['gateway.networking.k8s.io', 'gateway.networking.x-k8s.io'], ['*'], ['get', 'watch', 'list']),
    rule(['gateway.networking.x-k8s.io'], statusOf(experimental), STATUS),
    rule(['gateway.networking.k8s.io'], statusOf(GATEWAY_API_KINDS), STATUS),
    rule(['gateway.networking.k8s.io'], ['gatewayclasses'], ['create', ...STATUS, 'delete']),
    rule(['inference.networking.k8s.io'], ['inferencepools'], ['get', 'watch', 'list']),
    rule(['inference.networking.k8s.io'], statusOf(['inferencepools']), STATUS),
    rule([''], ['secrets'], ['get', 'watch', 'list']),
    rule(services, ['serviceexports'], ['get', 'watch', 'list', 'create', 'delete']),
    rule(services, ['serviceimports'], ['get', 'watch', 'list']),
  ];
}

const GATEWAY_CONTROLLER_RULES = [
  rule(['apps'], ['deployments'], WRITE),
  rule(['autoscaling'], ['horizontalpodautoscalers'], WRITE),
  rule(['policy'], ['poddisruptionbudgets'], WRITE),
  rule([''], ['services'], WRITE),
  rule([''], ['serviceaccounts'], WRITE),
];

/** A ClusterRole. */
export function renderClusterRole(name: string, labels: Record<string, string>, rules: PolicyRule[]): KubeObject {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name, labels: { ...labels } },
    rules,
  };
}

/** Binds the ClusterRole of the same name to a ServiceAccount. */
export function renderClusterRoleBinding(name: string, labels: Record<string, string>, subject: object): KubeObject {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name, labels: { ...labels } },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', ...subject }],
  };
}

/** istiod's rights in the whole cluster, and those of its controller for Gateway API deployments. */
export function renderClusterRoles(context: ChartContext): KubeObject[] {
  if (!inScope(context.values, 'cluster')) return [];
  const labels = rightsLabels(context);
  const subject = { name: istiodName(context), namespace: istioNamespace(context) };
  const roles: [string, PolicyRule[]][] = [
    [
      'istiod-clusterrole',
      [
        ...configurationRules(context),
        ...discoveryRules(context),
        ...certificateRules(context),
        ...gatewayApiRules(context),
      ],
    ],
  ];
  if (str(context.values, 'env.PILOT_ENABLE_GATEWAY_API_DEPLOYMENT_CONTROLLER') !== 'false') {
    roles.push(['istiod-gateway-controller', GATEWAY_CONTROLLER_RULES]);
  }
  return roles.flatMap(([prefix, rules]) => {
    const name = clusterScopedName(context, prefix);
    return [renderClusterRole(name, labels, rules), renderClusterRoleBinding(name, labels, subject)];
  });
}

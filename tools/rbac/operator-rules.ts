// What the operator itself does, one line per reason. What it only grants to others is computed (rendered-rules.ts).
import type { PolicyRule } from './rules.ts';

/** Server-side apply needs `create` for a new object and `patch` for an existing one. */
const MANAGE = ['get', 'list', 'watch', 'create', 'patch', 'delete'];
/** For kinds that hold other people's work: written, never deleted. */
const KEEP = ['get', 'list', 'watch', 'create', 'patch'];
const READ = ['get', 'list', 'watch'];

/** Where the API serves the kinds that a profile or feature renders, and what the operator may do with them. */
export const RENDERED_KINDS: Readonly<Record<string, { group: string; resource: string; verbs: string[] }>> = {
  ClusterRole: { group: 'rbac.authorization.k8s.io', resource: 'clusterroles', verbs: MANAGE },
  ClusterRoleBinding: { group: 'rbac.authorization.k8s.io', resource: 'clusterrolebindings', verbs: MANAGE },
  ConfigMap: { group: '', resource: 'configmaps', verbs: MANAGE },
  CustomResourceDefinition: { group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions', verbs: KEEP },
  DaemonSet: { group: 'apps', resource: 'daemonsets', verbs: MANAGE },
  Deployment: { group: 'apps', resource: 'deployments', verbs: MANAGE },
  EndpointSlice: { group: 'discovery.k8s.io', resource: 'endpointslices', verbs: MANAGE },
  HorizontalPodAutoscaler: { group: 'autoscaling', resource: 'horizontalpodautoscalers', verbs: MANAGE },
  MutatingWebhookConfiguration: {
    group: 'admissionregistration.k8s.io',
    resource: 'mutatingwebhookconfigurations',
    verbs: MANAGE,
  },
  Namespace: { group: '', resource: 'namespaces', verbs: KEEP },
  NetworkAttachmentDefinition: {
    group: 'k8s.cni.cncf.io',
    resource: 'network-attachment-definitions',
    verbs: MANAGE,
  },
  NetworkPolicy: { group: 'networking.k8s.io', resource: 'networkpolicies', verbs: MANAGE },
  PodDisruptionBudget: { group: 'policy', resource: 'poddisruptionbudgets', verbs: MANAGE },
  ResourceQuota: { group: '', resource: 'resourcequotas', verbs: MANAGE },
  Role: { group: 'rbac.authorization.k8s.io', resource: 'roles', verbs: MANAGE },
  RoleBinding: { group: 'rbac.authorization.k8s.io', resource: 'rolebindings', verbs: MANAGE },
  Service: { group: '', resource: 'services', verbs: MANAGE },
  ServiceAccount: { group: '', resource: 'serviceaccounts', verbs: MANAGE },
  ValidatingAdmissionPolicy: {
    group: 'admissionregistration.k8s.io',
    resource: 'validatingadmissionpolicies',
    verbs: MANAGE,
  },
  ValidatingAdmissionPolicyBinding: {
    group: 'admissionregistration.k8s.io',
    resource: 'validatingadmissionpolicybindings',
    verbs: MANAGE,
  },
  ValidatingWebhookConfiguration: {
    group: 'admissionregistration.k8s.io',
    resource: 'validatingwebhookconfigurations',
    verbs: MANAGE,
  },
};

/** The rules of the operator's own work, cluster-wide because an IstioOperator may name any namespace. */
export function computeOperatorRules(): PolicyRule[] {
  return [
    ...Object.values(RENDERED_KINDS).map(({ group, resource, verbs }) => ({
      apiGroups: [group],
      resources: [resource],
      verbs,
    })),
    // The resource it serves: `patch` for the finalizer, the status by its own subresource.
    { apiGroups: ['install.istio.io'], resources: ['istiooperators'], verbs: [...READ, 'patch', 'update'] },
    { apiGroups: ['install.istio.io'], resources: ['istiooperators/status'], verbs: ['get', 'patch', 'update'] },
    { apiGroups: ['install.istio.io'], resources: ['istiooperators/finalizers'], verbs: ['update'] },
    // Why a Deployment is not ready is written in its pods.
    { apiGroups: [''], resources: ['pods'], verbs: READ },
    // What decides injection: the age of the nodes' kubelets, and settings for single workloads.
    { apiGroups: [''], resources: ['nodes'], verbs: READ },
    { apiGroups: ['networking.istio.io'], resources: ['proxyconfigs'], verbs: READ },
    // Dry runs prove that the webhooks are reached; they need the right to create all the same.
    { apiGroups: [''], resources: ['pods'], verbs: ['create'] },
    { apiGroups: ['networking.istio.io'], resources: ['gateways'], verbs: ['create'] },
    { apiGroups: ['install.istio.io'], resources: ['istiooperators'], verbs: ['create'] },
    // The webhooks' certificate, in the operator's own namespace; istiod needs more of them anyway.
    { apiGroups: [''], resources: ['secrets'], verbs: [...READ, 'create', 'update', 'delete'] },
    // What analysis found, a report in each namespace.
    { apiGroups: ['sailwright.dev'], resources: ['analysisreports'], verbs: ['list', 'create', 'patch', 'delete'] },
    { apiGroups: ['apps'], resources: ['replicasets'], verbs: READ },
    { apiGroups: ['', 'events.k8s.io'], resources: ['events'], verbs: ['create', 'patch'] },
  ];
}

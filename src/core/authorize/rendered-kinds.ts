import { groupOf } from '../kube-object.ts';

/** Where the API serves a kind. */
export interface KindPlace {
  group: string;
  resource: string;
  namespaced: boolean;
}

const inNamespaces = (group: string, resource: string): KindPlace => ({ group, resource, namespaced: true });
const inCluster = (group: string, resource: string): KindPlace => ({ group, resource, namespaced: false });

const ADMISSION = 'admissionregistration.k8s.io';
const RBAC = 'rbac.authorization.k8s.io';

/** Every kind that a profile or feature renders. */
export const RENDERED_KINDS = {
  ClusterRole: inCluster(RBAC, 'clusterroles'),
  ClusterRoleBinding: inCluster(RBAC, 'clusterrolebindings'),
  ConfigMap: inNamespaces('', 'configmaps'),
  CustomResourceDefinition: inCluster('apiextensions.k8s.io', 'customresourcedefinitions'),
  DaemonSet: inNamespaces('apps', 'daemonsets'),
  Deployment: inNamespaces('apps', 'deployments'),
  EndpointSlice: inNamespaces('discovery.k8s.io', 'endpointslices'),
  HorizontalPodAutoscaler: inNamespaces('autoscaling', 'horizontalpodautoscalers'),
  MutatingWebhookConfiguration: inCluster(ADMISSION, 'mutatingwebhookconfigurations'),
  Namespace: inCluster('', 'namespaces'),
  NetworkAttachmentDefinition: inNamespaces('k8s.cni.cncf.io', 'network-attachment-definitions'),
  NetworkPolicy: inNamespaces('networking.k8s.io', 'networkpolicies'),
  PodDisruptionBudget: inNamespaces('policy', 'poddisruptionbudgets'),
  ResourceQuota: inNamespaces('', 'resourcequotas'),
  Role: inNamespaces(RBAC, 'roles'),
  RoleBinding: inNamespaces(RBAC, 'rolebindings'),
  Service: inNamespaces('', 'services'),
  ServiceAccount: inNamespaces('', 'serviceaccounts'),
  ValidatingAdmissionPolicy: inCluster(ADMISSION, 'validatingadmissionpolicies'),
  ValidatingAdmissionPolicyBinding: inCluster(ADMISSION, 'validatingadmissionpolicybindings'),
  ValidatingWebhookConfiguration: inCluster(ADMISSION, 'validatingwebhookconfigurations'),
} as const satisfies Record<string, KindPlace>;
export type RenderedKind = keyof typeof RENDERED_KINDS;

/** Undefined for a kind that nothing renders. */
export function placeOf(apiVersion: string, kind: string): KindPlace | undefined {
  const place = Object.hasOwn(RENDERED_KINDS, kind) ? RENDERED_KINDS[kind as RenderedKind] : undefined;
  return place?.group === groupOf(apiVersion) ? place : undefined;
}

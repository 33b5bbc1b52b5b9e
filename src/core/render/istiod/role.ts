import { istiodName, istioNamespace, rightsLabels } from './identity.ts';
import type { ChartContext } from '../chart.ts';
import type { KubeObject } from '../../kube-object.ts';

/** A rule of a Role or ClusterRole. */
export interface PolicyRule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
  resourceNames?: unknown[];
}

export function rule(apiGroups: string[], resources: string[], verbs: string[]): PolicyRule {
  return { apiGroups, resources, verbs };
}

/** What istiod may do in its own namespace. */
export function renderRole(context: ChartContext): KubeObject {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: istiodName(context), namespace: istioNamespace(context), labels: rightsLabels(context) },
    rules: [
      // A dry run of a bad Gateway shows whether the validation webhook answers.
      rule(['networking.istio.io'], ['gateways'], ['create']),
      // The CA's key.
      rule([''], ['secrets'], ['create', 'get', 'watch', 'list', 'update', 'delete']),
      rule([''], ['configmaps'], ['delete']),
      // Leader election.
      rule(['coordination.k8s.io'], ['leases'], ['get', 'update', 'patch', 'create']),
    ],
  };
}

/** Binds the role to istiod. */
export function renderRoleBinding(context: ChartContext): KubeObject {
  const name = istiodName(context);
  const namespace = istioNamespace(context);
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name, namespace, labels: rightsLabels(context) },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  };
}

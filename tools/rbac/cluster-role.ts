import { isJsonObject, type KubeObject } from '../../src/core/kube-object.ts';
import { computeOperatorRules } from './operator-rules.ts';
import { computeUnion, type PolicyRule } from './rules.ts';

/** All rules of the Roles and ClusterRoles among the objects. */
export function computeGrantedRules(objects: readonly KubeObject[]): PolicyRule[] {
  return objects
    .filter(({ kind }) => kind === 'Role' || kind === 'ClusterRole')
    .flatMap(({ rules }) => (Array.isArray(rules) ? rules.filter(isJsonObject).map(toPolicyRule) : []));
}

function toPolicyRule(rule: Record<string, unknown>): PolicyRule {
  const strings = (field: string): string[] => {
    const value = rule[field];
    return Array.isArray(value) ? value.map(String) : [];
  };
  return {
    apiGroups: strings('apiGroups'),
    resources: strings('resources'),
    resourceNames: strings('resourceNames'),
    nonResourceURLs: strings('nonResourceURLs'),
    verbs: strings('verbs'),
  };
}

/** The operator's ClusterRole: its own work, and everything that the roles among `rendered` grant. */
export function computeClusterRole(rendered: readonly KubeObject[]): KubeObject {
  const rules = computeUnion([...computeOperatorRules(), ...computeGrantedRules(rendered)]);
  const wild = rules.filter(({ verbs }) => verbs.includes('*'));
  if (wild.length > 0) {
    throw new Error(`a rendered role grants every verb, which the operator must not hold: ${JSON.stringify(wild)}`);
  }
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: {
      name: 'sailwright-operator',
      labels: { 'app.kubernetes.io/name': 'sailwright', 'app.kubernetes.io/component': 'operator' },
    },
    rules,
  };
}

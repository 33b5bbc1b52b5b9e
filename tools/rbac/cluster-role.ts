import type { KubeObject } from '../../src/core/kube-object.ts';
import { computeOperatorRules } from './operator-rules.ts';
import { computeUnion, rulesOf, type PolicyRule } from '../../src/core/authorize/policy-rules.ts';

/** All rules of the Roles and ClusterRoles among the objects. */
export function computeGrantedRules(objects: readonly KubeObject[]): PolicyRule[] {
  return objects.filter(({ kind }) => kind === 'Role' || kind === 'ClusterRole').flatMap(rulesOf);
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

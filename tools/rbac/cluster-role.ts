import type { KubeObject } from '../../src/core/kube-object.ts';
import {
  computeHomeRules,
  computeOperatorRules,
  computeMigrationRules,
  computeRolloutRules,
  computeShiftRules,
} from './operator-rules.ts';
import { computeRemainder, computeUnion, rulesOf, type PolicyRule } from '../../src/core/powers/policy-rules.ts';

/** All rules of the Roles and ClusterRoles among the objects. */
export function computeGrantedRules(
  objects: readonly KubeObject[],
  kinds: readonly string[] = ['Role', 'ClusterRole'],
): PolicyRule[] {
  return objects.filter(({ kind }) => kinds.includes(kind)).flatMap(rulesOf);
}

/** The operator's roles, by the reason for which it has them. */
export interface OperatorRoles {
  /** Its own work, in the whole cluster: an IstioOperator may name any namespace. */
  work: KubeObject;
  /** Its own work in its own namespace. */
  home: KubeObject;
  /** What ProxyRollouts do to workloads, in any namespace. */
  rollouts: KubeObject;
  /** What TrafficShifts do to routes, in any namespace. */
  shifts: KubeObject;
  /** What MutualTLSMigrations do to PeerAuthentications, in any namespace. */
  migrations: KubeObject;
  /** Held in the whole cluster only because the ClusterRoles that it renders grant it. */
  clusterGrants: KubeObject;
  /** Held only because Roles that it renders grant it, each in a namespace of a control plane. */
  namespaceGrants: KubeObject;
}

/** Splits what the operator needs to apply `rendered`; no rule stands in two of the ClusterRoles. */
export function computeOperatorRoles(rendered: readonly KubeObject[]): OperatorRoles {
  const work = computeUnion(computeOperatorRules());
  const clusterGrants = computeRemainder(work, computeGrantedRules(rendered, ['ClusterRole']));
  const namespaceGrants = computeRemainder([...work, ...clusterGrants], computeGrantedRules(rendered, ['Role']));
  return {
    work: toRole('ClusterRole', 'sailwright-operator', work),
    home: toRole('Role', 'sailwright-operator', computeHomeRules()),
    rollouts: toRole('ClusterRole', 'sailwright-proxy-rollouts', computeUnion(computeRolloutRules())),
    shifts: toRole('ClusterRole', 'sailwright-traffic-shifts', computeUnion(computeShiftRules())),
    migrations: toRole('ClusterRole', 'sailwright-mutual-tls-migrations', computeUnion(computeMigrationRules())),
    clusterGrants: toRole('ClusterRole', 'sailwright-cluster-grants', clusterGrants),
    namespaceGrants: toRole('ClusterRole', 'sailwright-namespace-grants', namespaceGrants),
  };
}

function toRole(kind: 'Role' | 'ClusterRole', name: string, rules: PolicyRule[]): KubeObject {
  const wild = rules.filter(({ verbs }) => verbs.includes('*'));
  if (wild.length > 0) {
    throw new Error(`a rendered role grants every verb, which the operator must not hold: ${JSON.stringify(wild)}`);
  }
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind,
    metadata: {
      name,
      ...(kind === 'Role' ? { namespace: 'sailwright-system' } : {}),
      labels: { 'app.kubernetes.io/name': 'sailwright', 'app.kubernetes.io/component': 'operator' },
    },
    rules,
  };
}

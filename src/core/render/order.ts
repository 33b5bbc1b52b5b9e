import { groupOf } from '../kube-object.ts';
import type { KubeObject } from '../kube-object.ts';

const RANKS: Readonly<Record<string, number>> = {
  'apiextensions.k8s.io/CustomResourceDefinition': -1000,
  '/ServiceAccount': 1,
  'rbac.authorization.k8s.io/ClusterRole': 1,
  'rbac.authorization.k8s.io/ClusterRoleBinding': 2,
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': 3,
  '/ConfigMap': 100,
  'autoscaling/HorizontalPodAutoscaler': 1001,
  '/Service': 10000,
};
const OTHERS = 1000;

interface SortKey {
  rank: number;
  text: string;
}

function sortKey(object: KubeObject): SortKey {
  const { kind, apiVersion, metadata } = object;
  const group = groupOf(apiVersion);
  const rank = RANKS[`${group}/${kind}`] ?? OTHERS;
  return { rank, text: [group, kind, metadata.name, metadata.namespace ?? ''].join('\0') };
}

/**
 * The order in which objects can be applied one after the other: kinds first, accounts and roles, configuration,
 * workloads, then what points to them. The order is total, so output never depends on the input's.
 */
export function inApplyOrder(objects: readonly KubeObject[]): KubeObject[] {
  return objects
    .map((object) => ({ object, key: sortKey(object) }))
    .sort((a, b) => a.key.rank - b.key.rank || (a.key.text < b.key.text ? -1 : a.key.text > b.key.text ? 1 : 0))
    .map(({ object }) => object);
}

import type { ComponentName } from '../components.ts';

/** What must hold before the next phase may begin; every phase must at least be applied without an error. */
export type Gate = 'applied' | 'established' | 'ready';

export interface Phase {
  name: string;
  components: readonly ComponentName[];
  gate: Gate;
}

/**
 * The order of an installation; removal goes backwards. Node agents do not hold up what follows: one broken node
 * would otherwise keep istiod from being installed.
 */
export const PHASES: readonly Phase[] = [
  { name: 'base', components: ['Base'], gate: 'established' },
  { name: 'cni', components: ['Cni'], gate: 'applied' },
  { name: 'istiod', components: ['Pilot'], gate: 'ready' },
  { name: 'ztunnel', components: ['Ztunnel'], gate: 'applied' },
  { name: 'gateways', components: ['IngressGateways', 'EgressGateways'], gate: 'applied' },
];

/** Position of a component's phase; of an unknown component (of an older version) the first. */
export function phaseIndexOf(component: string): number {
  const index = PHASES.findIndex(({ components }) => (components as readonly string[]).includes(component));
  return Math.max(index, 0);
}

const RANKS: Readonly<Record<string, number>> = {
  Namespace: 0,
  CustomResourceDefinition: 1,
  ServiceAccount: 2,
  ConfigMap: 2,
  Role: 2,
  ClusterRole: 2,
  RoleBinding: 3,
  ClusterRoleBinding: 3,
  Service: 4,
  Deployment: 6,
  DaemonSet: 6,
  HorizontalPodAutoscaler: 7,
  PodDisruptionBudget: 7,
  MutatingWebhookConfiguration: 8,
  ValidatingWebhookConfiguration: 8,
};
const OTHER_RANK = 5;

/** Order of kinds within a phase: what others refer to comes first. */
export function rankOf(kind: string): number {
  return RANKS[kind] ?? OTHER_RANK;
}

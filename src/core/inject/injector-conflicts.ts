import type { KubeObject } from '../kube-object.ts';
import { canOverlap } from './admission-selector.ts';
import { injectionWebhooksOf, type PodWebhook } from './injection-webhooks.ts';

/** Two injectors that would both be called for some pods. */
export interface InjectorConflict {
  ours: PodWebhook;
  other: PodWebhook;
}

/** Which pods a webhook is called for. */
type Selectors = Pick<PodWebhook, 'namespaceSelector' | 'objectSelector'>;

/** Every namespace has its name as a label. */
const ALWAYS_THERE = ['kubernetes.io/metadata.name'];

/**
 * Other configurations in the cluster that would inject pods which one of ours injects too. Each pair of configurations
 * is named once. In doubt they conflict.
 */
export function findInjectorConflicts(
  ours: readonly KubeObject[],
  inCluster: readonly KubeObject[],
): InjectorConflict[] {
  const names = new Set(ours.map(({ metadata }) => metadata.name));
  const others = inCluster.filter(({ metadata }) => !names.has(metadata.name));
  return ours.flatMap((own) =>
    others.flatMap((other) => {
      const conflict = findOverlap(injectionWebhooksOf(own), injectionWebhooksOf(other));
      return conflict ? [conflict] : [];
    }),
  );
}

function findOverlap(ours: readonly PodWebhook[], others: readonly PodWebhook[]): InjectorConflict | undefined {
  for (const own of ours) {
    const other = others.find((candidate) => takeSamePods(own, candidate));
    if (other) return { ours: own, other };
  }
  return undefined;
}

/** Whether the API server would call both for some pod. In doubt it would. */
export function takeSamePods(a: Selectors, b: Selectors): boolean {
  return (
    canOverlap(a.namespaceSelector, b.namespaceSelector, ALWAYS_THERE) && canOverlap(a.objectSelector, b.objectSelector)
  );
}

/** The conflict in words, with what to do. */
export function describeInjectorConflict({ ours, other }: InjectorConflict): string {
  return (
    `MutatingWebhookConfiguration ${other.configuration} (webhook ${other.name}) would inject pods that ` +
    `${ours.configuration} (webhook ${ours.name}) injects too: delete it, or give one of the two another revision`
  );
}

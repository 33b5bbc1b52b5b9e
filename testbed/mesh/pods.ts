import type { Kubectl } from '../kubectl.ts';
import { PATIENTLY, waitFor } from '../wait.ts';

interface Container {
  name: string;
  image: string;
  /** Of native sidecars: `Always`. */
  restartPolicy?: string;
}

/** A pod as far as these tests look at it. */
export interface Pod {
  metadata: { name: string; namespace: string; uid: string; deletionTimestamp?: string };
  spec: { nodeName?: string; initContainers?: Container[]; containers: Container[] };
  status: {
    phase: string;
    podIP?: string;
    conditions?: { type: string; status: string }[];
    containerStatuses?: { name: string; restartCount: number; ready: boolean; containerID?: string }[];
  };
}

/** Pods of a namespace with these labels, without those on their way out. */
export async function fetchPods(kubectl: Kubectl, namespace: string, selector: string): Promise<Pod[]> {
  const text = await kubectl(['-n', namespace, 'get', 'pods', '-l', selector, '-o', 'json']);
  return (JSON.parse(text) as { items: Pod[] }).items.filter((pod) => pod.metadata.deletionTimestamp === undefined);
}

export function isReady({ status }: Pod): boolean {
  return status.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false;
}

/** Waits until there are exactly so many pods, all of them ready, and returns them. */
export async function waitForPods(
  kubectl: Kubectl,
  namespace: string,
  { selector, count }: { selector: string; count: number },
): Promise<Pod[]> {
  return waitFor(
    `${count} ready pods ${selector} in ${namespace}`,
    async () => {
      const pods = await fetchPods(kubectl, namespace, selector);
      return pods.length === count && pods.every(isReady) && pods;
    },
    PATIENTLY,
  );
}

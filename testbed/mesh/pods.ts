import type { Kubectl } from '../kubectl.ts';
import { waitFor } from '../wait.ts';

interface Container {
  name: string;
  image: string;
  /** Of native sidecars: `Always`. */
  restartPolicy?: string;
}

/** A pod as far as these tests look at it. */
export interface Pod {
  metadata: { name: string; namespace: string; deletionTimestamp?: string };
  spec: { nodeName?: string; initContainers?: Container[]; containers: Container[] };
  status: {
    phase: string;
    podIP?: string;
    conditions?: { type: string; status: string }[];
    containerStatuses?: { name: string; restartCount: number; ready: boolean }[];
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
  { selector, count, timeoutMs = 60_000 }: { selector: string; count: number; timeoutMs?: number },
): Promise<Pod[]> {
  return waitFor(
    `${count} ready pods ${selector} in ${namespace}`,
    async () => {
      const pods = await fetchPods(kubectl, namespace, selector);
      return pods.length === count && pods.every(isReady) && pods;
    },
    { timeoutMs, intervalMs: 200 },
  );
}

/** Bytes of memory that a container holds, as the kubelet counts them. */
export interface ContainerMemory {
  /** What counts against the limit and cannot be given back at once. */
  readonly workingSet: number;
  readonly resident: number;
}

interface Summary {
  pods: { podRef: { name: string }; containers?: { name: string; memory?: Record<string, number> }[] }[];
}

/** What a pod's container holds now; undefined until the kubelet has looked. */
export async function fetchMemory(kubectl: Kubectl, pod: Pod, container: string): Promise<ContainerMemory | undefined> {
  const text = await kubectl(['get', '--raw', `/api/v1/nodes/${pod.spec.nodeName}/proxy/stats/summary`]);
  const found = (JSON.parse(text) as Summary).pods.find(({ podRef }) => podRef.name === pod.metadata.name);
  const memory = found?.containers?.find(({ name }) => name === container)?.memory;
  const { workingSetBytes, rssBytes } = memory ?? {};
  if (workingSetBytes === undefined || rssBytes === undefined) return undefined;
  return { workingSet: workingSetBytes, resident: rssBytes };
}

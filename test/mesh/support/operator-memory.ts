import { readContainerMemory, type ContainerMemory } from './container-memory.ts';
import { fetchPods } from '../../../testbed/mesh/pods.ts';
import type { RealEnvironment } from '../../../testbed/mesh/real-cluster.ts';

/** A mebibyte in bytes. */
export const MEBIBYTE = 2 ** 20;

/** What the operator's pods hold, looked at now and then in a run that also replaces them. */
export class OperatorMemory {
  readonly #looks = new Map<string, ContainerMemory[]>();

  /** Looks at all that run now, and returns what they hold. */
  async look({ cluster, kubectl }: RealEnvironment): Promise<ContainerMemory[]> {
    const pods = await fetchPods(kubectl, 'sailwright-system', 'app.kubernetes.io/name=sailwright');
    return Promise.all(
      pods.map(async (pod) => {
        const memory = await readContainerMemory(cluster, pod, 'operator');
        this.#looks.set(pod.metadata.uid, [...(this.#looks.get(pod.metadata.uid) ?? []), memory]);
        return memory;
      }),
    );
  }

  /** The most that any look has seen. */
  highest(field: keyof ContainerMemory): number {
    return Math.max(...[...this.#looks.values()].flat().map((one) => one[field]));
  }

  /** All looks in a line. */
  describe(): string {
    const [resident, workingSet, peak] = (['resident', 'workingSet', 'peak'] as const).map((field) =>
      inMebibytes(this.highest(field)),
    );
    return (
      `at most ${resident} resident and ${workingSet} working set in looks at ${this.#looks.size} pods, ` +
      `never more than ${peak} with files in memory`
    );
  }
}

/** Each container's resident memory, for people. */
export function describeResident(memories: readonly ContainerMemory[]): string {
  return memories.map(({ resident }) => inMebibytes(resident)).join(' and ');
}

function inMebibytes(bytes: number): string {
  return `${(bytes / MEBIBYTE).toFixed(0)} MiB`;
}

// Counts the ready pods of a namespace at every write, and keeps the least.
import type { KubeObject } from '../../../src/core/kube-object.ts';
import { isSettled } from '../../../src/core/status/pods/pod-view.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { hearWrites, listBefore } from './hear-writes.ts';

const PODS = { apiVersion: 'v1', kind: 'Pod' };

export class ReadyPods {
  readonly #stop = new AbortController();
  readonly #ready: Set<string>;
  readonly #hearing: Promise<void>;
  #least: number;

  private constructor(
    admin: KubeClient,
    namespace: string,
    before: { objects: readonly KubeObject[]; version: string },
  ) {
    const isIn = ({ metadata }: KubeObject): boolean => metadata.namespace === namespace;
    this.#ready = new Set(
      before.objects.filter((pod) => isIn(pod) && serves(pod)).map(({ metadata }) => metadata.name),
    );
    this.#least = this.#ready.size;
    this.#hearing = hearWrites(admin, PODS, {
      from: before.version,
      signal: this.#stop.signal,
      note: (pod, isGone) => {
        if (isIn(pod)) this.#note(pod, isGone);
      },
    });
    // Told when it is stopped; a test that failed before has its own reason.
    this.#hearing.catch(() => undefined);
  }

  /** Counts from now on. */
  static async start(admin: KubeClient, namespace: string): Promise<ReadyPods> {
    return new ReadyPods(admin, namespace, await listBefore(admin, PODS));
  }

  /** The least that were ready at the same time. */
  async stop(): Promise<number> {
    this.#stop.abort();
    await this.#hearing;
    return this.#least;
  }

  #note(pod: KubeObject, isGone: boolean): void {
    if (!isGone && serves(pod)) this.#ready.add(pod.metadata.name);
    else this.#ready.delete(pod.metadata.name);
    this.#least = Math.min(this.#least, this.#ready.size);
  }
}

function serves(pod: KubeObject): boolean {
  return isSettled(pod) && pod.metadata['deletionTimestamp'] === undefined;
}

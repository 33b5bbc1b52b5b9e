// Counts what a ProxyRollout has under way at the same time, from the history of the workloads as the API server tells it.
import { stampOf } from '../../../src/core/proxy-rollout/stamp.ts';
import { computeProgress } from '../../../src/core/proxy-rollout/workload-progress.ts';
import type { KubeObject } from '../../../src/core/kube-object.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { hearWrites, listBefore } from './hear-writes.ts';

const KINDS = ['Deployment', 'StatefulSet'].map((kind) => ({ apiVersion: 'apps/v1', kind }));

/** The most that was under way at the same time. */
export interface Counted {
  most: number;
  inOneNamespace: number;
}

/** What a workload was after a write. */
interface Moment {
  /** Of all kinds together: the API server counts every write. */
  version: number;
  key: string;
  namespace: string;
  isUnderWay: boolean;
}

/**
 * Hears of every write to Deployments and StatefulSets: one is under way from the write that stamps it for the rollout
 * until its status says that all its pods are of the new template and ready. No write is missed, as a poll would.
 */
export class UnderWay {
  readonly #rollout: string;
  readonly #stop = new AbortController();
  readonly #moments: Moment[] = [];
  readonly #watching: Promise<void>[];

  private constructor(admin: KubeClient, rollout: string, from: readonly string[]) {
    this.#rollout = rollout;
    const note = (object: KubeObject): void => this.#note(object);
    this.#watching = KINDS.map((kind, index) =>
      hearWrites(admin, kind, { from: from[index] ?? '', signal: this.#stop.signal, note }),
    );
  }

  /** Counts from now on. `rollout`: UID of the ProxyRollout. */
  static async start(admin: KubeClient, rollout: string): Promise<UnderWay> {
    const lists = await Promise.all(KINDS.map((kind) => listBefore(admin, kind)));
    return new UnderWay(
      admin,
      rollout,
      lists.map(({ version }) => version),
    );
  }

  async stop(): Promise<Counted> {
    this.#stop.abort();
    await Promise.all(this.#watching);
    const now = new Map<string, string>();
    const counted: Counted = { most: 0, inOneNamespace: 0 };
    for (const { key, namespace, isUnderWay } of this.#moments.sort((a, b) => a.version - b.version)) {
      if (isUnderWay) now.set(key, namespace);
      else now.delete(key);
      const inThis = [...now.values()].filter((each) => each === namespace).length;
      counted.most = Math.max(counted.most, now.size);
      counted.inOneNamespace = Math.max(counted.inOneNamespace, inThis);
    }
    return counted;
  }

  #note(object: KubeObject): void {
    const { namespace = '', name, resourceVersion } = object.metadata;
    this.#moments.push({
      version: Number(resourceVersion),
      key: `${object.kind}/${namespace}/${name}`,
      namespace,
      isUnderWay: stampOf(object)?.rollout === this.#rollout && !computeProgress(object).isSettled,
    });
  }
}

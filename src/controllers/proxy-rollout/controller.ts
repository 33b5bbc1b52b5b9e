import { PROXY_ROLLOUT, type ProxyRolloutStatus } from '../../api/rollout/proxy-rollout.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { isSame } from '../../core/plan/desired.ts';
import { isConflict, isKindNotServed } from '../../kube/errors.ts';
import type { Informer, InformerEvent } from '../../kube/informer.ts';
import type { InformerPool } from '../../kube/informer-pool.ts';
import { MemoryBudget } from '../../kube/memory-budget.ts';
import { LeaderQueue, type PassEnd } from '../../runtime/leader-queue.ts';
import type { Log } from '../../telemetry/log.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import type { RolloutDependencies } from './dependencies.ts';
import { reconcileRollout } from './reconcile.ts';
import { RefusedWork } from './refused-work.ts';
import { ReviewMemo } from './review-memo.ts';
import type { RolloutPass } from './rollout-pass.ts';

export interface ProxyRolloutControllerOptions extends RolloutDependencies {
  informers: InformerPool;
  log: Log;
  metrics?: Metrics;
}

const KIND = { apiVersion: PROXY_ROLLOUT.apiVersion, kind: PROXY_ROLLOUT.kind };
const BACKOFF = { baseMs: 1_000, maxMs: 60_000 };
const AGAIN_MS = 200;

/**
 * Carries out ProxyRollouts, while this replica leads. Without any it watches their kind and does nothing else: all that
 * a look needs is read when it is needed.
 */
export class ProxyRolloutController {
  readonly #options: ProxyRolloutControllerOptions;
  readonly #queue: LeaderQueue;
  /** What is known of each beside what is stored: nothing that decides. */
  readonly #known = new Map<string, Pick<RolloutPass, 'refused' | 'reviews'>>();
  #rollouts: Informer | undefined;

  constructor(options: ProxyRolloutControllerOptions) {
    this.#options = options;
    this.#queue = new LeaderQueue({
      name: 'proxy-rollouts',
      pass: (key) => this.#pass(key),
      listKeys: () => this.#rollouts?.list().map(keyOf) ?? [],
      backoff: BACKOFF,
      log: options.log,
      metrics: options.metrics,
    });
  }

  startLeading(): void {
    const rollouts = this.#options.informers.open({ kind: KIND, budget: new MemoryBudget() });
    this.#rollouts = rollouts;
    this.#known.clear();
    rollouts.subscribe((event) => this.#onRollout(event));
    this.#queue.startLeading();
    rollouts.start();
  }

  async stopLeading(): Promise<void> {
    const rollouts = this.#rollouts;
    this.#rollouts = undefined;
    await Promise.all([this.#queue.stopLeading(), rollouts?.stop()]);
  }

  /** The stored status of every rollout; none while another replica leads. */
  listStatuses(): ProxyRolloutStatus[] {
    return (this.#rollouts?.list() ?? []).map(statusOf);
  }

  #onRollout({ type, object, previous }: InformerEvent): void {
    if (type === 'deleted') this.#known.delete(keyOf(object));
    else if (!previous || isAsked(previous, object)) this.#queue.add(keyOf(object));
  }

  async #pass(key: string): Promise<PassEnd> {
    const [namespace = '', name = ''] = key.split('/');
    try {
      // Not from the informer: what was remembered last decides.
      const rollout = await this.#options.api.get({ ...KIND, namespace, name });
      if (!rollout || rollout.metadata['deletionTimestamp'] !== undefined) return {};
      const known = this.#known.get(key) ?? { refused: new RefusedWork(), reviews: new ReviewMemo() };
      this.#known.set(key, known);
      const pass = { deps: this.#options, rollout: { ...rollout, ...KIND }, status: statusOf(rollout), ...known };
      const end = await reconcileRollout(pass);
      // Nothing follows before somebody asks for it.
      if (!end.isPending) this.#known.delete(key);
      return end;
    } catch (error) {
      if (isKindNotServed(error)) return {};
      // Somebody changed the resource in between: what is decided by has changed.
      if (isConflict(error)) return { requeueAfterMs: AGAIN_MS, isPending: true };
      throw error;
    }
  }
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

function statusOf(rollout: KubeObject): ProxyRolloutStatus {
  return rollout['status'] ?? {};
}

/** Whether somebody else than this controller changed it. */
function isAsked(before: KubeObject, after: KubeObject): boolean {
  return (
    before.metadata['generation'] !== after.metadata['generation'] ||
    before.metadata['uid'] !== after.metadata['uid'] ||
    !isSame(before.metadata.annotations ?? {}, after.metadata.annotations ?? {})
  );
}

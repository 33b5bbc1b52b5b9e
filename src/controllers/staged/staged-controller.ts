import type { StagedStatus } from '../../api/staged/staged-status.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { isSame } from '../../core/plan/desired.ts';
import { isConflict, isKindNotServed } from '../../kube/errors.ts';
import type { Informer, InformerEvent } from '../../kube/informer.ts';
import type { InformerPool } from '../../kube/informer-pool.ts';
import type { KindRef, KubeApi } from '../../kube/kube-api.ts';
import { MemoryBudget } from '../../kube/memory-budget.ts';
import { LeaderQueue, type PassEnd } from '../../runtime/leader-queue.ts';
import type { Log } from '../../telemetry/log.ts';
import type { Metrics } from '../../telemetry/metrics.ts';

export interface StagedControllerOptions {
  /** Of its queue. */
  name: string;
  kind: KindRef;
  /** One look at a resource, as it is stored now. */
  look: (resource: KubeObject, key: string) => Promise<PassEnd>;
  /** What is known of each resource, by its key, beside what is stored: nothing that decides. */
  known?: Map<string, unknown>;
  api: Pick<KubeApi, 'get'>;
  informers: InformerPool;
  log: Log;
  metrics?: Metrics;
}

const BACKOFF = { baseMs: 1_000, maxMs: 60_000 };
const AGAIN_MS = 200;

/**
 * Carries out changes by steps of one kind, while this replica leads. Without any it watches their kind and does nothing
 * else: all that a look needs is read when it is needed.
 */
export class StagedController<S extends StagedStatus = StagedStatus> {
  readonly #options: StagedControllerOptions;
  readonly #queue: LeaderQueue;
  #resources: Informer | undefined;

  constructor(options: StagedControllerOptions) {
    this.#options = options;
    this.#queue = new LeaderQueue({
      name: options.name,
      pass: (key) => this.#pass(key),
      listKeys: () => this.#list().map(keyOf),
      backoff: BACKOFF,
      log: options.log,
      metrics: options.metrics,
    });
  }

  startLeading(): void {
    const resources = this.#options.informers.open({ kind: this.#options.kind, budget: new MemoryBudget() });
    this.#resources = resources;
    this.#options.known?.clear();
    resources.subscribe((event) => this.#onEvent(event));
    this.#queue.startLeading();
    resources.start();
  }

  async stopLeading(): Promise<void> {
    const resources = this.#resources;
    this.#resources = undefined;
    await Promise.all([this.#queue.stopLeading(), resources?.stop()]);
  }

  /** The stored status of every resource; none while another replica leads. */
  listStatuses(): S[] {
    return this.#list().map(({ status }) => (status ?? {}) as S);
  }

  #list(): KubeObject[] {
    return this.#resources?.list() ?? [];
  }

  #onEvent({ type, object, previous }: InformerEvent): void {
    if (type === 'deleted') this.#options.known?.delete(keyOf(object));
    else if (!previous || isAsked(previous, object)) this.#queue.add(keyOf(object));
  }

  async #pass(key: string): Promise<PassEnd> {
    const [namespace = '', name = ''] = key.split('/');
    const { kind, api, look, known } = this.#options;
    try {
      // Not from the informer: what was remembered last decides.
      const resource = await api.get({ ...kind, namespace, name });
      if (!resource || resource.metadata['deletionTimestamp'] !== undefined) return {};
      const end = await look({ ...resource, ...kind }, key);
      // Nothing follows before somebody asks for it.
      if (!end.isPending) known?.delete(key);
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

/** Whether somebody else than this controller changed it. */
function isAsked(before: KubeObject, after: KubeObject): boolean {
  return (
    before.metadata['generation'] !== after.metadata['generation'] ||
    before.metadata['uid'] !== after.metadata['uid'] ||
    !isSame(before.metadata.annotations ?? {}, after.metadata.annotations ?? {})
  );
}

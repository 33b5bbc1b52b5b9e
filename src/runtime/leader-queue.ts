import type { Log } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { WorkQueue, type WorkQueueOptions, type WorkResult } from './work-queue.ts';

/** How a pass of a leader's controller ended. */
export interface PassEnd extends WorkResult {
  /** Something is left to do, which later passes will. */
  isPending?: boolean;
}

export interface LeaderQueueOptions extends Omit<WorkQueueOptions, 'onFailure' | 'process'> {
  /** Of the controller, in log and metrics. */
  name: string;
  /** One pass over what the key names; never runs twice at a time for the same key. A rejection is retried with back-off. */
  pass: (key: string, signal: AbortSignal) => Promise<PassEnd | void>;
  /** All that there is to look at: what a new leader begins with. */
  listKeys: () => Iterable<string>;
  log: Log;
  metrics?: Pick<Metrics, 'watchQueue' | 'recordReconcile'> | undefined;
}

/**
 * The queue of a controller that works only on the replica that leads. What is added while another one leads is dropped:
 * each term begins with a look at everything, once the last pass of the former term has reached a safe point.
 */
export class LeaderQueue {
  readonly #options: LeaderQueueOptions;
  #queue: WorkQueue | undefined;
  #stopping: Promise<unknown> = Promise.resolve();

  constructor(options: LeaderQueueOptions) {
    this.#options = options;
    options.metrics?.watchQueue(options.name, () => this.#queue);
  }

  get isLeading(): boolean {
    return this.#queue !== undefined;
  }

  startLeading(): void {
    const { name, pass: _, listKeys: __, log, metrics: ___, ...options } = this.#options;
    const queue = new WorkQueue({
      ...options,
      process: (key, signal) => this.#work(key, signal),
      onFailure: ({ key, error, failures, retryInMs }) =>
        log.warn({ controller: name, object: key, failures, retryInMs, error }, 'pass failed; it is repeated'),
    });
    this.#queue = queue;
    this.addAll();
    void this.#stopping.then(() => {
      if (this.#queue === queue) queue.start();
    });
  }

  /** Resolves when the passes under way have ended. */
  async stopLeading(): Promise<void> {
    const queue = this.#queue;
    this.#queue = undefined;
    if (queue) this.#stopping = Promise.all([this.#stopping, queue.stop()]);
    await this.#stopping;
  }

  add(...keys: readonly string[]): void {
    for (const key of keys) this.#queue?.add(key);
  }

  addAll(): void {
    this.add(...this.#options.listKeys());
  }

  /** As {@link WorkQueue.addAfter}. */
  addAfter(key: string, ms: number): void {
    this.#queue?.addAfter(key, ms);
  }

  /** Failures in a row of a key. */
  failures(key: string): number {
    return this.#queue?.failures(key) ?? 0;
  }

  /** As {@link WorkQueue.noteProgress}. */
  noteProgress(key: string): void {
    this.#queue?.noteProgress(key);
  }

  async #work(key: string, signal: AbortSignal): Promise<PassEnd | void> {
    const { name, pass, metrics } = this.#options;
    const began = performance.now();
    const seconds = (): number => (performance.now() - began) / 1000;
    try {
      const end = await pass(key, signal);
      metrics?.recordReconcile(name, end?.isPending ? 'requeue' : 'success', seconds());
      return end;
    } catch (error) {
      // Who leads no longer has nothing to say of a pass that was cut short.
      if (!signal.aborted) metrics?.recordReconcile(name, 'error', seconds());
      throw error;
    }
  }
}

import { computeBackoff, systemClock, type BackoffLimits, type Clock } from './clock.ts';

/** What the work on a key says about the next time; nothing means: wait for the next event. */
export interface WorkResult {
  requeueAfterMs?: number;
}

export interface WorkQueueOptions {
  /**
   * Does the work for one key; never runs twice at a time for the same key. A rejection is retried with back-off.
   * The signal aborts when the queue stops.
   */
  process: (key: string, signal: AbortSignal) => Promise<WorkResult | void>;
  /** Keys worked on at a time; 1 unless told. */
  concurrency?: number;
  /** 500 ms doubling to 5 min unless told. */
  backoff?: BackoffLimits;
  /** Hears of every failure, before the key waits. */
  onFailure?: (failure: { key: string; error: unknown; failures: number; retryInMs: number }) => void;
  clock?: Clock;
  random?: () => number;
}

const DEFAULT_BACKOFF: BackoffLimits = { baseMs: 500, maxMs: 300_000 };

/**
 * A queue of keys, not of events: a key that waits is there once, however often it is added, and a key that is added
 * while it is worked on runs once more afterwards.
 */
export class WorkQueue {
  readonly #options: Required<Omit<WorkQueueOptions, 'onFailure'>> & Pick<WorkQueueOptions, 'onFailure'>;
  readonly #ready = new Set<string>();
  readonly #running = new Set<string>();
  readonly #again = new Set<string>();
  readonly #delayed = new Map<string, { at: number; cancel: () => void }>();
  readonly #failures = new Map<string, number>();
  readonly #abort = new AbortController();
  #started = false;
  #idle: (() => void)[] = [];

  constructor(options: WorkQueueOptions) {
    this.#options = {
      concurrency: 1,
      backoff: DEFAULT_BACKOFF,
      clock: systemClock,
      random: Math.random,
      ...options,
    };
  }

  /** Keys that could run now. */
  get depth(): number {
    return this.#ready.size + this.#again.size;
  }

  get inFlight(): number {
    return this.#running.size;
  }

  /** Keys that wait for a time. */
  get delayed(): number {
    return this.#delayed.size;
  }

  /** Failures in a row of a key. */
  failures(key: string): number {
    return this.#failures.get(key) ?? 0;
  }

  /** The work on the key comes on although it fails: its next failure counts as the first. */
  noteProgress(key: string): void {
    this.#failures.delete(key);
  }

  /** Before this, keys only gather. */
  start(): void {
    this.#started = true;
    this.#pump();
  }

  /** Takes no more keys, aborts the signal of the work under way, and resolves when that has ended. */
  async stop(): Promise<void> {
    this.#abort.abort();
    for (const { cancel } of this.#delayed.values()) cancel();
    this.#delayed.clear();
    this.#ready.clear();
    this.#again.clear();
    if (this.#running.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** Asks for work on the key as soon as possible, also when it waits for a retry. */
  add(key: string): void {
    if (this.#abort.signal.aborted) return;
    if (this.#running.has(key)) this.#again.add(key);
    else this.#ready.add(key);
    this.#pump();
  }

  /** Asks for work on the key after `ms`; an earlier time that it waits for already stands. */
  addAfter(key: string, ms: number): void {
    if (this.#abort.signal.aborted) return;
    if (ms <= 0) {
      this.add(key);
      return;
    }
    const at = this.#options.clock.monotonic() + ms;
    const waiting = this.#delayed.get(key);
    if (waiting && waiting.at <= at) return;
    waiting?.cancel();
    const cancel = this.#options.clock.after(ms, () => {
      this.#delayed.delete(key);
      this.add(key);
    });
    this.#delayed.set(key, { at, cancel });
  }

  /** Drops a key's failures and what it waits for; work under way goes on. */
  forget(key: string): void {
    this.#failures.delete(key);
    this.#cancelDelay(key);
    this.#ready.delete(key);
    this.#again.delete(key);
  }

  #cancelDelay(key: string): void {
    this.#delayed.get(key)?.cancel();
    this.#delayed.delete(key);
  }

  #pump(): void {
    if (!this.#started || this.#abort.signal.aborted) return;
    for (const key of this.#ready) {
      if (this.#running.size >= this.#options.concurrency) return;
      this.#ready.delete(key);
      // The run that starts now decides anew when to come back.
      this.#cancelDelay(key);
      this.#running.add(key);
      void this.#run(key);
    }
  }

  async #run(key: string): Promise<void> {
    try {
      const result = await this.#options.process(key, this.#abort.signal);
      this.#failures.delete(key);
      if (result?.requeueAfterMs !== undefined) this.addAfter(key, result.requeueAfterMs);
    } catch (error) {
      this.#retryLater(key, error);
    } finally {
      this.#running.delete(key);
      if (this.#again.delete(key)) this.add(key);
      this.#pump();
      if (this.#running.size === 0) this.#idle.splice(0).forEach((resolve) => resolve());
    }
  }

  #retryLater(key: string, error: unknown): void {
    if (this.#abort.signal.aborted) return;
    const failures = this.failures(key) + 1;
    this.#failures.set(key, failures);
    const retryInMs = computeBackoff(failures, this.#options.backoff, this.#options.random());
    this.addAfter(key, retryInMs);
    this.#options.onFailure?.({ key, error, failures, retryInMs });
  }
}

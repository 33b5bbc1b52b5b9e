import { objectKey, refOf, type KubeObject } from '../core/kube-object.ts';
import { computeBackoff, sleep, systemClock, type BackoffLimits, type Clock } from '../runtime/clock.ts';
import { createSilentLog, type Log } from '../telemetry/log.ts';
import { ApiError, isKindNotServed } from './errors.ts';
import type { KindRef, ListOptions } from './kube-api.ts';
import type { WatchApi, WatchEvent } from './watch-api.ts';

/** A change of the informer's picture. Objects are shared: read them, never change them. */
export interface InformerEvent {
  type: 'added' | 'updated' | 'deleted';
  object: KubeObject;
  previous?: KubeObject;
}

export type InformerHandler = (event: InformerEvent) => void;

export interface InformerOptions extends ListOptions {
  api: WatchApi;
  kind: KindRef;
  log?: Log;
  /** What to keep of an object, so that memory holds no more than is used; name and resource version must stay. */
  slim?: (object: KubeObject) => KubeObject;
  /** Neither event nor bookmark for this long: the watch is taken for dead and all is read anew. 3 min unless told. */
  silenceMs?: number;
  /** Between attempts; 500 ms doubling to 10 s unless told. */
  backoff?: BackoffLimits;
  clock?: Clock;
  random?: () => number;
}

const DEFAULT_SILENCE_MS = 180_000;
const DEFAULT_BACKOFF: BackoffLimits = { baseMs: 500, maxMs: 10_000 };
/** A watch that lived this long was a good one: the next failure starts the back-off from the beginning. */
const GOOD_WATCH_MS = 10_000;
const WATCH_SECONDS = 300;

/**
 * A picture of all objects of one kind, kept up to date for as long as the process lives: whatever ends a watch, it
 * is taken up again, and what was missed is found by reading all anew. While the API server cannot be reached the
 * last picture stays, and `isHealthy` is false.
 */
export class Informer {
  readonly kind: KindRef;
  readonly #options: InformerOptions;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #store = new Map<string, KubeObject>();
  readonly #handlers = new Set<InformerHandler>();
  readonly #abort = new AbortController();
  #running: Promise<void> | undefined;
  #synced = false;
  #served = true;
  #healthy = false;
  #failures = 0;
  #restarts = 0;
  #lastEventAt: number | undefined;
  #lastError: unknown;
  #resourceVersion: string | undefined;
  #waiters: (() => void)[] = [];

  constructor(options: InformerOptions) {
    this.#options = options;
    this.kind = options.kind;
    this.#clock = options.clock ?? systemClock;
    this.#log = options.log ?? createSilentLog();
  }

  /** Whether the picture was complete once. A kind that the API server does not serve counts as complete and empty. */
  get hasSynced(): boolean {
    return this.#synced;
  }

  /** Whether the last read succeeded: false from a failure until the next success. */
  get isHealthy(): boolean {
    return this.#healthy;
  }

  /** Whether the API server serves the kind; it is asked again from time to time. */
  get isServed(): boolean {
    return this.#served;
  }

  /** Why the last read failed; undefined while healthy. */
  get lastError(): unknown {
    return this.#lastError;
  }

  /** Wall time of the last sign of life: a read, an event or a bookmark. */
  get lastEventAt(): number | undefined {
    return this.#lastEventAt;
  }

  /** How often reading was taken up again after a failure or silence. */
  get restarts(): number {
    return this.#restarts;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#running;
  }

  /** Resolves when `hasSynced`; rejects when the signal aborts first. */
  async waitForSync(signal?: AbortSignal): Promise<void> {
    if (this.#synced) return;
    signal?.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const abort = (): void => reject(new Error(`stopped waiting for the first list of ${this.kind.kind}`));
      signal?.addEventListener('abort', abort, { once: true });
      this.#waiters.push(() => {
        signal?.removeEventListener('abort', abort);
        resolve();
      });
    });
  }

  get(object: { name: string; namespace?: string }): KubeObject | undefined {
    return this.#store.get(objectKey({ ...this.kind, ...object }));
  }

  list(): KubeObject[] {
    return [...this.#store.values()];
  }

  /** Calls the handler for what is known, as `added`, and then for every change. Returns the unsubscription. */
  subscribe(handler: InformerHandler): () => void {
    this.#handlers.add(handler);
    for (const object of this.#store.values()) this.#call(handler, { type: 'added', object });
    return () => void this.#handlers.delete(handler);
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort;
    while (!signal.aborted) {
      const began = this.#clock.monotonic();
      try {
        if (this.#resourceVersion === undefined) await this.#readAll();
        await this.#watch();
      } catch (error) {
        if (signal.aborted) return;
        this.#noteFailure(error);
      }
      if (this.#clock.monotonic() - began >= GOOD_WATCH_MS) this.#failures = 0;
      // Also after an end in good order: a server that ends each watch at once must not be hammered.
      this.#failures += 1;
      const limits = this.#options.backoff ?? DEFAULT_BACKOFF;
      const random = (this.#options.random ?? Math.random)();
      await sleep(this.#clock, computeBackoff(this.#failures, limits, random), signal);
    }
  }

  async #readAll(): Promise<void> {
    const { items, resourceVersion } = await this.#options.api.list(this.kind, this.#selection());
    const gone = new Map(this.#store);
    for (const object of items) {
      gone.delete(objectKey(refOf(object)));
      this.#put(object);
    }
    for (const object of gone.values()) this.#remove(object);
    this.#resourceVersion = resourceVersion;
    this.#served = true;
    this.#noteSuccess();
    this.#noteSynced();
  }

  async #watch(): Promise<void> {
    const resourceVersion = this.#resourceVersion ?? '';
    const silence = new AbortController();
    const silenceMs = this.#options.silenceMs ?? DEFAULT_SILENCE_MS;
    const timer = this.#startTimer(silenceMs, () => silence.abort());
    try {
      const signal = AbortSignal.any([this.#abort.signal, silence.signal]);
      const options = { ...this.#selection(), resourceVersion, timeoutSeconds: WATCH_SECONDS, signal };
      const events = await this.#options.api.watch(this.kind, options);
      this.#noteSuccess();
      for await (const event of events) {
        if (signal.aborted) break;
        timer.restart();
        this.#noteSuccess();
        this.#failures = 0;
        this.#handle(event);
      }
    } catch (error) {
      if (!silence.signal.aborted) throw error;
    } finally {
      timer.cancel();
    }
    if (silence.signal.aborted && !this.#abort.signal.aborted) {
      this.#resourceVersion = undefined;
      throw new Error(`no event or bookmark for ${silenceMs / 1000} s`);
    }
  }

  #startTimer(ms: number, run: () => void): { restart: () => void; cancel: () => void } {
    let cancel = this.#clock.after(ms, run);
    return {
      restart: () => {
        cancel();
        cancel = this.#clock.after(ms, run);
      },
      cancel: () => cancel(),
    };
  }

  #handle({ type, object }: WatchEvent): void {
    const version = object.metadata['resourceVersion'];
    if (typeof version === 'string') this.#resourceVersion = version;
    if (type === 'ADDED' || type === 'MODIFIED') this.#put(object);
    else if (type === 'DELETED') this.#remove(object);
  }

  #put(whole: KubeObject): void {
    const key = objectKey(refOf(whole));
    const previous = this.#store.get(key);
    const version = whole.metadata['resourceVersion'];
    if (previous && previous.metadata['resourceVersion'] === version) return;
    const object = this.#options.slim?.(whole) ?? whole;
    this.#store.set(key, object);
    this.#dispatch(previous ? { type: 'updated', object, previous } : { type: 'added', object });
  }

  #remove(object: KubeObject): void {
    if (this.#store.delete(objectKey(refOf(object)))) this.#dispatch({ type: 'deleted', object });
  }

  #dispatch(event: InformerEvent): void {
    for (const handler of this.#handlers) this.#call(handler, event);
  }

  #call(handler: InformerHandler, event: InformerEvent): void {
    try {
      handler(event);
    } catch (error) {
      // One handler's fault must not end the watch that others live on.
      this.#log.error({ error, kind: this.kind.kind }, 'an informer handler threw');
    }
  }

  #noteSuccess(): void {
    this.#lastEventAt = this.#clock.now();
    this.#healthy = true;
    this.#lastError = undefined;
  }

  #noteSynced(): void {
    this.#synced = true;
    this.#waiters.splice(0).forEach((resolve) => resolve());
  }

  #noteFailure(error: unknown): void {
    this.#restarts += 1;
    if (isKindNotServed(error)) {
      this.#noteNotServed();
      return;
    }
    // An answer that refuses the watch (410 above all) refuses this resource version; a broken connection does not.
    const refused = error instanceof ApiError && error.status !== 0 && error.status !== 429 && error.status !== 503;
    if (refused) this.#resourceVersion = undefined;
    if (this.#healthy) this.#log.warn({ error, kind: this.kind.kind }, 'lost the watch, taking it up again');
    this.#healthy = false;
    this.#lastError = error;
  }

  #noteNotServed(): void {
    if (this.#served) this.#log.info({ kind: this.kind.kind }, 'the API server does not serve the kind, asking again');
    for (const object of this.list()) this.#remove(object);
    this.#resourceVersion = undefined;
    this.#served = false;
    this.#noteSuccess();
    this.#noteSynced();
  }

  #selection(): ListOptions {
    const { namespace, labelSelector, fieldSelector } = this.#options;
    return {
      ...(namespace && { namespace }),
      ...(labelSelector && { labelSelector }),
      ...(fieldSelector && { fieldSelector }),
    };
  }
}

import type { KubeObject } from '../core/kube-object.ts';
import { computeBackoff, sleep, type BackoffLimits, type Clock } from '../runtime/clock.ts';
import type { Log } from '../telemetry/log.ts';
import { ApiError, isKindNotServed } from './errors.ts';
import type { KindRef, ListOptions } from './kube-api.ts';
import type { TooLarge, WatchApi, WatchEvent } from './watch-api.ts';

/** What a reflector tells: a list between `begin` and `end`, and what changes at any time. */
export interface ReflectorSink {
  /** A list begins; one that did not end does not count. */
  begin(): void;
  put(object: KubeObject): void;
  remove(object: KubeObject): void;
  /** There is an object that cannot be read. */
  skip(object: TooLarge): void;
  /** The list is complete: what was not put since `begin` is gone. */
  end(): void;
  /** Whether objects that were refused before would be taken now: then all is read again, when the watch ends. */
  mayTakeMore(): boolean;
}

export interface ReflectorOptions {
  api: WatchApi;
  kind: KindRef;
  selection: ListOptions;
  log: Log;
  clock: Clock;
  random: () => number;
}

const BACKOFF: BackoffLimits = { baseMs: 500, maxMs: 10_000 };
const LONGEST_RETRY_AFTER_MS = 120_000;
/** A watch that lived this long was a good one: the next failure starts the back-off from the beginning. */
const GOOD_WATCH_MS = 10_000;
/**
 * The API server ends a watch after this long, and some seconds more, so that not all end together. One that it does
 * not end in time is dead: so a connection that broke without a word is noticed within 45 s.
 */
const WATCH_SECONDS = 25;
const SPREAD_SECONDS = 10;
const GRACE_MS = 8_000;

/**
 * Reads all objects of one selection and then follows what changes, for as long as somebody listens: whatever ends a
 * watch, it is taken up again where it ended, and what was missed is found by reading all anew.
 */
export class Reflector {
  readonly kind: KindRef;
  readonly #options: ReflectorOptions;
  readonly #sinks = new Set<ReflectorSink>();
  #stop: AbortController | undefined;
  #running: Promise<void> = Promise.resolve();
  /** Ends the watch under way, for a list to come before the next one. */
  #interrupt = new AbortController();
  #resourceVersion: string | undefined;
  #served = true;
  #healthy = false;
  #failures = 0;
  #restarts = 0;
  #lastEventAt: number | undefined;
  #lastError: unknown;

  constructor(options: ReflectorOptions) {
    this.#options = options;
    this.kind = options.kind;
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

  /** The sink hears of everything there is, and then of every change. The first one starts the reading. */
  attach(sink: ReflectorSink): void {
    this.#sinks.add(sink);
    this.reread();
    if (this.#stop) return;
    const stop = new AbortController();
    this.#stop = stop;
    this.#running = this.#running.then(() => this.#run(stop.signal));
  }

  /** Reads all objects anew, as soon as it can. */
  reread(): void {
    this.#resourceVersion = undefined;
    this.#interrupt.abort();
  }

  /** The last one ends the reading, and waits until it has ended. */
  async detach(sink: ReflectorSink): Promise<void> {
    this.#sinks.delete(sink);
    if (this.#sinks.size > 0) return;
    this.#stop?.abort();
    this.#stop = undefined;
    this.#healthy = false;
    await this.#running;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#options;
    this.#failures = 0;
    while (!signal.aborted) {
      const began = clock.monotonic();
      this.#interrupt = new AbortController();
      let askedMs = 0;
      try {
        if (this.#resourceVersion === undefined) await this.#readAll();
        await this.#watch(signal);
      } catch (error) {
        if (signal.aborted) return;
        if (!this.#interrupt.signal.aborted) this.#noteFailure(error);
        askedMs = retryAfterOf(error);
      }
      if (this.#interrupt.signal.aborted) continue;
      const wasGood = this.#healthy && clock.monotonic() - began >= GOOD_WATCH_MS;
      if (wasGood) this.#failures = 0;
      if (wasGood) continue;
      // Also after an end in good order: a server that ends each watch at once must not be hammered.
      this.#failures += 1;
      const waitMs = Math.max(computeBackoff(this.#failures, BACKOFF, random()), askedMs);
      await sleep(clock, waitMs, AbortSignal.any([signal, this.#interrupt.signal]));
    }
  }

  async #readAll(): Promise<void> {
    const { api, selection } = this.#options;
    const { signal: interrupted } = this.#interrupt;
    // Who comes later has missed the beginning, and interrupts.
    const sinks = [...this.#sinks];
    const tell = (act: (sink: ReflectorSink) => void): void => sinks.forEach(act);
    const { resourceVersion } = await api.visit(this.kind, selection, {
      begin: () => tell((sink) => sink.begin()),
      visit: (object) => tell((sink) => sink.put(object)),
      skip: (object) => tell((sink) => sink.skip(object)),
    });
    this.#served = true;
    this.#noteSuccess();
    tell((sink) => sink.end());
    if (!interrupted.aborted) this.#resourceVersion = resourceVersion;
  }

  async #watch(stopped: AbortSignal): Promise<void> {
    const resourceVersion = this.#resourceVersion;
    if (resourceVersion === undefined) return;
    const { api, selection, clock, random } = this.#options;
    const timeoutSeconds = WATCH_SECONDS + Math.floor(random() * SPREAD_SECONDS);
    const late = new AbortController();
    const signal = AbortSignal.any([stopped, this.#interrupt.signal, late.signal]);
    const events = await api.watch(this.kind, { ...selection, resourceVersion, timeoutSeconds, signal });
    this.#noteSuccess();
    const cancel = clock.after(timeoutSeconds * 1_000 + GRACE_MS, () => late.abort());
    try {
      for await (const event of events) {
        if (signal.aborted) break;
        this.#noteSuccess();
        this.#failures = 0;
        this.#handle(event);
      }
    } catch (error) {
      if (!late.signal.aborted) throw error;
    } finally {
      cancel();
    }
    if ([...this.#sinks].some((sink) => sink.mayTakeMore())) this.#resourceVersion = undefined;
    if (late.signal.aborted) throw new Error(`the watch did not end after ${timeoutSeconds} s as it should have`);
  }

  #handle({ type, object }: WatchEvent): void {
    const version = object.metadata['resourceVersion'];
    if (typeof version === 'string') this.#resourceVersion = version;
    for (const sink of this.#sinks) {
      if (type === 'ADDED' || type === 'MODIFIED') sink.put(object);
      else if (type === 'DELETED') sink.remove(object);
    }
  }

  #noteSuccess(): void {
    this.#lastEventAt = this.#options.clock.now();
    this.#healthy = true;
    this.#lastError = undefined;
  }

  #noteFailure(error: unknown): void {
    const { log } = this.#options;
    this.#restarts += 1;
    if (isKindNotServed(error)) {
      this.#noteNotServed();
      return;
    }
    // An answer that refuses the watch (410 above all) refuses this resource version; a broken connection does not.
    const refused = error instanceof ApiError && error.status !== 0 && error.status !== 429 && error.status !== 503;
    if (refused) this.#resourceVersion = undefined;
    if (this.#healthy) log.warn({ error, kind: this.kind.kind }, 'lost the watch, taking it up again');
    this.#healthy = false;
    this.#lastError = error;
  }

  #noteNotServed(): void {
    const { log } = this.#options;
    if (this.#served) log.info({ kind: this.kind.kind }, 'the API server does not serve the kind, asking again');
    this.#resourceVersion = undefined;
    this.#served = false;
    this.#noteSuccess();
    for (const sink of this.#sinks) {
      sink.begin();
      sink.end();
    }
  }
}

function retryAfterOf(error: unknown): number {
  const asked = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
  return Math.min(asked, LONGEST_RETRY_AFTER_MS);
}

import { displayName, objectKey, refOf, type KubeObject } from '../core/kube-object.ts';
import type { Log } from '../telemetry/log.ts';
import type { KindRef, ListOptions } from './kube-api.ts';
import { shareOf, type MemoryBudget } from './memory-budget.ts';
import type { Reflector, ReflectorSink } from './reflector.ts';
import type { TooLarge } from './watch-api.ts';

/** A change of the informer's picture. Objects are shared: read them, never change them. */
export interface InformerEvent {
  type: 'added' | 'updated' | 'deleted';
  object: KubeObject;
  previous?: KubeObject;
}

export type InformerHandler = (event: InformerEvent) => void;

export interface InformerOptions extends ListOptions {
  kind: KindRef;
  /**
   * What to keep of an object, so that memory holds no more than is used; name and resource version must stay.
   * Undefined for an object that is not wanted: it counts as not being there.
   */
  slim?: (object: KubeObject) => KubeObject | undefined;
  /** Limits what is kept of objects that others write. */
  budget?: MemoryBudget;
}

/** Where an informer's objects come from. */
export interface InformerSource {
  reflector: Reflector;
  log: Log;
  onStart: (informer: Informer) => void;
  onStop: (informer: Informer) => void;
}

/**
 * A picture of all objects of one kind, kept up to date from its start to its stop. While the API server cannot be
 * reached the last picture stays, and `isHealthy` is false.
 */
export class Informer {
  readonly kind: KindRef;
  readonly #options: InformerOptions;
  readonly #source: InformerSource;
  readonly #store = new Map<string, KubeObject>();
  readonly #skipped = new Set<string>();
  readonly #handlers = new Set<InformerHandler>();
  readonly #sink: ReflectorSink;
  /** What was not seen yet of the list that is being read. */
  #unseen = new Set<string>();
  #unseenSkipped = new Set<string>();
  /** Whether something went since a list left something out: then there may be room for it. */
  #hasFreed = false;
  #synced = false;
  /** Whether what is known already is to be reduced anew when it is read. */
  #isRereading = false;
  #waiters: (() => void)[] = [];

  constructor(options: InformerOptions, source: InformerSource) {
    this.#options = options;
    this.#source = source;
    this.kind = options.kind;
    this.#sink = {
      begin: () => this.#begin(),
      put: (object) => this.#put(object),
      remove: (object) => this.#forget(objectKey(refOf(object))),
      skip: (object) => this.#skip(object),
      end: () => this.#end(),
      mayTakeMore: () => this.#skipped.size > 0 && this.#hasFreed,
    };
  }

  /** Whether the picture was complete once. A kind that the API server does not serve counts as complete and empty. */
  get hasSynced(): boolean {
    return this.#synced;
  }

  /** Whether the last read succeeded: false from a failure until the next success. */
  get isHealthy(): boolean {
    return this.#source.reflector.isHealthy;
  }

  /** Whether the API server serves the kind; it is asked again from time to time. */
  get isServed(): boolean {
    return this.#source.reflector.isServed;
  }

  /** Why the last read failed; undefined while healthy. */
  get lastError(): unknown {
    return this.#source.reflector.lastError;
  }

  /** How many objects are there and not in the picture, because they are too large. */
  get skipped(): number {
    return this.#skipped.size;
  }

  /** How many objects are in the picture. */
  get size(): number {
    return this.#store.size;
  }

  start(): void {
    this.#source.onStart(this);
    this.#source.reflector.attach(this.#sink);
  }

  /** Reads and reduces all objects anew: `slim` would keep something else of them by now. */
  reread(): void {
    this.#isRereading = true;
    this.#source.reflector.reread();
  }

  async stop(): Promise<void> {
    this.#source.onStop(this);
    for (const key of this.#store.keys()) this.#options.budget?.release(key);
    await this.#source.reflector.detach(this.#sink);
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

  #begin(): void {
    this.#hasFreed = false;
    this.#unseen = new Set(this.#store.keys());
    this.#unseenSkipped = new Set(this.#skipped);
  }

  #end(): void {
    for (const key of [...this.#unseen, ...this.#unseenSkipped]) this.#forget(key);
    this.#unseen.clear();
    this.#unseenSkipped.clear();
    this.#synced = true;
    this.#isRereading = false;
    this.#waiters.splice(0).forEach((resolve) => resolve());
  }

  #put(whole: KubeObject): void {
    const key = objectKey(refOf(whole));
    this.#noteSeen(key);
    const previous = this.#store.get(key);
    const isSame = previous && previous.metadata['resourceVersion'] === whole.metadata['resourceVersion'];
    if (isSame && !this.#isRereading) return;
    const object = this.#reduce(whole);
    const refusal = object && this.#options.budget?.admit(key, shareOf(object));
    if (refusal !== undefined) {
      this.#leaveOut(key, displayName(refOf(whole)), refusal);
      return;
    }
    if (!object) {
      this.#forget(key);
      return;
    }
    this.#skipped.delete(key);
    this.#store.set(key, object);
    this.#dispatch(previous ? { type: 'updated', object, previous } : { type: 'added', object });
  }

  #reduce(whole: KubeObject): KubeObject | undefined {
    const { slim } = this.#options;
    if (!slim) return whole;
    try {
      return slim(whole);
    } catch (error) {
      // One object that cannot be understood must not end the watch that all others live on.
      this.#source.log.error({ error, object: displayName(refOf(whole)) }, 'an object could not be taken in');
      return undefined;
    }
  }

  #skip({ name = '?', namespace, bytes }: TooLarge): void {
    const ref = { ...this.kind, name, ...(namespace === undefined ? {} : { namespace }) };
    const key = objectKey(ref);
    this.#noteSeen(key);
    this.#leaveOut(key, displayName(ref), `it has ${bytes} bytes`);
  }

  #noteSeen(key: string): void {
    this.#unseen.delete(key);
    this.#unseenSkipped.delete(key);
  }

  #leaveOut(key: string, object: string, reason: string): void {
    if (!this.#skipped.has(key)) this.#source.log.warn({ object, reason }, 'an object is not taken into account');
    this.#forget(key);
    this.#skipped.add(key);
  }

  #forget(key: string): void {
    this.#skipped.delete(key);
    this.#options.budget?.release(key);
    const object = this.#store.get(key);
    if (!object) return;
    this.#store.delete(key);
    this.#hasFreed = true;
    this.#dispatch({ type: 'deleted', object });
  }

  #dispatch(event: InformerEvent): void {
    for (const handler of this.#handlers) this.#call(handler, event);
  }

  #call(handler: InformerHandler, event: InformerEvent): void {
    try {
      handler(event);
    } catch (error) {
      // One handler's fault must not end the watch that others live on.
      this.#source.log.error({ error, kind: this.kind.kind }, 'an informer handler threw');
    }
  }
}

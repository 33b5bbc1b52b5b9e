import type { KubeObject } from '../core/kube-object.ts';
import { systemClock, type Clock } from '../runtime/clock.ts';
import { createSilentLog, type Log } from '../telemetry/log.ts';
import { Informer, type InformerOptions } from './informer.ts';
import type { KindRef, ListOptions } from './kube-api.ts';
import { hasLabels, parseLabelTerms } from './label-terms.ts';
import { Reflector } from './reflector.ts';
import type { WatchApi } from './watch-api.ts';

export interface InformerPoolOptions {
  api: WatchApi;
  /** Kinds of which somebody takes all objects sooner or later: who takes a part of them shares that watch. */
  whole?: readonly KindRef[];
  log?: Log;
  clock?: Clock;
  random?: () => number;
}

/** What is known of one watch at the API server. */
export interface WatchState {
  readonly kind: string;
  readonly isHealthy: boolean;
  readonly lastEventAt: number | undefined;
}

/** What the informers of one kind hold together. */
export interface KindState {
  objects: number;
  skipped: number;
  /** How often a watch was taken up again after a failure or silence, since the process began. */
  restarts: number;
}

interface Shared {
  reflector: Reflector;
  informers: Set<Informer>;
}

/**
 * Makes informers. Those of the same kind and selection share one watch, and each keeps what it needs of the objects;
 * so does one that selects by labels, where another has asked for all objects of the kind before.
 */
export class InformerPool {
  readonly #options: Required<InformerPoolOptions>;
  readonly #shared = new Map<string, Shared>();
  /** Of watches that have ended, by kind. */
  readonly #pastRestarts = new Map<string, number>();

  constructor(options: InformerPoolOptions) {
    this.#options = { whole: [], log: createSilentLog(), clock: systemClock, random: Math.random, ...options };
  }

  /** An informer that is not started. */
  open(options: InformerOptions): Informer {
    const { kind } = options;
    const wide = keyOf(kind, {});
    const isWide = this.#shared.has(wide) || this.#options.whole.some((each) => keyOf(each, {}) === wide);
    const filter = isWide ? filterOf(options) : undefined;
    const selection = filter ? {} : selectionOf(options);
    const key = filter ? wide : keyOf(kind, selection);
    const shared = this.#shared.get(key) ?? this.#share(key, kind, selection);
    const { slim = (object) => object } = options;
    const filtered = filter && { slim: (object: KubeObject) => (filter(object) ? slim(object) : undefined) };
    return new Informer(
      { ...options, ...filtered },
      {
        reflector: shared.reflector,
        log: this.#options.log,
        onStart: (informer) => {
          if (!this.#shared.has(key)) this.#shared.set(key, shared);
          shared.informers.add(informer);
        },
        onStop: (informer) => {
          shared.informers.delete(informer);
          if (shared.informers.size === 0) this.#close(key, shared);
        },
      },
    );
  }

  /** The watches that are open now. */
  get watches(): readonly WatchState[] {
    return this.#open().map(({ reflector: { kind, isHealthy, lastEventAt } }) => ({
      kind: kind.kind,
      isHealthy,
      lastEventAt,
    }));
  }

  /** By kind: what informers hold now, and how they fared. */
  get kinds(): ReadonlyMap<string, KindState> {
    const kinds = new Map<string, KindState>();
    const stateOf = (kind: string): KindState => {
      const state = kinds.get(kind) ?? { objects: 0, skipped: 0, restarts: this.#pastRestarts.get(kind) ?? 0 };
      kinds.set(kind, state);
      return state;
    };
    for (const kind of this.#pastRestarts.keys()) stateOf(kind);
    for (const { reflector, informers } of this.#open()) {
      const state = stateOf(reflector.kind.kind);
      state.restarts += reflector.restarts;
      for (const { size, skipped } of informers) {
        state.objects += size;
        state.skipped += skipped;
      }
    }
    return kinds;
  }

  #open(): Shared[] {
    return [...this.#shared.values()].filter(({ informers }) => informers.size > 0);
  }

  #share(key: string, kind: KindRef, selection: ListOptions): Shared {
    const { api, log, clock, random } = this.#options;
    const shared = {
      reflector: new Reflector({ api, kind, selection, log, clock, random }),
      informers: new Set<Informer>(),
    };
    this.#shared.set(key, shared);
    return shared;
  }

  #close(key: string, { reflector }: Shared): void {
    const { kind } = reflector.kind;
    this.#pastRestarts.set(kind, (this.#pastRestarts.get(kind) ?? 0) + reflector.restarts);
    this.#shared.delete(key);
  }
}

function keyOf({ apiVersion, kind }: KindRef, selection: ListOptions): string {
  return JSON.stringify([apiVersion, kind, selection]);
}

/**
 * Tells by itself which objects are selected; undefined where only the API server can. Who asks for one namespace gets a
 * watch that no other namespace can hold up.
 */
function filterOf({ namespace, labelSelector = '', fieldSelector, metadataOnly }: InformerOptions): Filter | undefined {
  const terms = parseLabelTerms(labelSelector);
  if (!terms || namespace || fieldSelector || metadataOnly) return undefined;
  return (object) => hasLabels(object, terms);
}

type Filter = (object: KubeObject) => boolean;

function selectionOf({ namespace, labelSelector, fieldSelector, metadataOnly }: InformerOptions): ListOptions {
  return {
    ...(namespace && { namespace }),
    ...(labelSelector && { labelSelector }),
    ...(fieldSelector && { fieldSelector }),
    ...(metadataOnly && { metadataOnly }),
  };
}

import type { StaleKind } from '../core/status/stale-kinds.ts';
import { systemClock, type Clock } from '../runtime/clock.ts';
import type { WatchState } from './informer-pool.ts';

const TOLERATED_MS = 60_000;
const LOOK_EVERY_MS = 15_000;

export interface StaleKindsOptions {
  informers: { readonly watches: readonly WatchState[] };
  clock?: Clock;
  /** A watch that is taken up again within this time is no news; a minute when left out. */
  toleratedMs?: number;
  lookEveryMs?: number;
}

/** Which kinds are known only as they were some time ago. What was never read is not among them: nothing goes by it. */
export class StaleKinds {
  readonly #options: Required<StaleKindsOptions>;
  readonly #listeners = new Set<() => void>();
  #cancel: (() => void) | undefined;
  #told = '';

  constructor(options: StaleKindsOptions) {
    this.#options = { clock: systemClock, toleratedMs: TOLERATED_MS, lookEveryMs: LOOK_EVERY_MS, ...options };
  }

  /** By name; of several watches of a kind, the one that was read longest ago. */
  list(): StaleKind[] {
    const { informers, clock, toleratedMs } = this.#options;
    const before = clock.now() - toleratedMs;
    const oldest = new Map<string, number>();
    for (const { kind, isHealthy, lastEventAt = Infinity } of informers.watches) {
      if (!isHealthy && lastEventAt < before) oldest.set(kind, Math.min(lastEventAt, oldest.get(kind) ?? Infinity));
    }
    return [...oldest]
      .map(([kind, at]): StaleKind => ({ kind, since: new Date(at).toISOString() }))
      .sort((a, b) => (a.kind < b.kind ? -1 : 1));
  }

  /** Called when kinds became stale, or current again; the result ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  start(): void {
    const { clock, lookEveryMs } = this.#options;
    this.#cancel = clock.after(lookEveryMs, () => {
      this.#look();
      this.start();
    });
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #look(): void {
    const kinds = this.list().map(({ kind }) => kind);
    if (kinds.join() === this.#told) return;
    this.#told = kinds.join();
    for (const listener of this.#listeners) listener();
  }
}

import type { Clock } from '../../src/runtime/clock.ts';

interface Timer {
  at: number;
  run: () => void;
}

/** A clock that moves only when told. */
export class FakeClock implements Clock {
  #time = 0;
  #wallOffset = Date.UTC(2026, 0, 1);
  readonly #timers = new Set<Timer>();

  now(): number {
    return this.#wallOffset + this.#time;
  }

  monotonic(): number {
    return this.#time;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#time + Math.max(ms, 0), run };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Moves time and runs what falls due, in order, letting promises settle before and after each. */
  async advance(ms: number): Promise<void> {
    const end = this.#time + ms;
    await settle();
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#timers.delete(next);
      this.#time = Math.max(this.#time, next.at);
      next.run();
      await settle();
    }
    this.#time = end;
  }

  /** Time passes and no timer runs: a process that is stopped and continued. */
  stall(ms: number): void {
    this.#time += ms;
  }

  /** The wall clock alone jumps, as after a suspended machine wakes up. */
  jumpWall(ms: number): void {
    this.#wallOffset += ms;
  }

  #next(end: number): Timer | undefined {
    return [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
  }
}

/** Lets everything run that waits for promises only. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

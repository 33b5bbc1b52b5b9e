import { FairQueue } from './fair-queue.ts';

/** Far more than a replica could answer in the time that anybody waits. */
const MAX_WAITING = 5_000;
const MAX_PER_OWNER = 2_000;

export interface TurnQueueOptions {
  /** Milliseconds of one turn of the event loop. */
  shareMs: number;
  /** Milliseconds that only grow. */
  monotonic: () => number;
  /** Calls back once all that has arrived by now was looked at; `setImmediate` unless told. */
  nextTurn?: (run: () => void) => void;
}

/**
 * Runs short tasks at once as long as they take no more than their share of one turn of the event loop; what is beyond
 * waits for the next turns, its owners one after the other. An owner who has had nothing in a turn yet, and of whom
 * nothing waits, is not made to wait for those who keep the queue full: for such owners there is a second share. What
 * runs elsewhere waits no longer than for the two.
 */
export class TurnQueue {
  readonly #options: Required<TurnQueueOptions>;
  readonly #waiting = new FairQueue<() => void>({ total: MAX_WAITING, perOwner: MAX_PER_OWNER });
  /** When this turn ends for us; undefined before its first task. */
  #until: number | undefined;
  /** Who has had a task in this turn. */
  readonly #served = new Set<string>();

  constructor(options: TurnQueueOptions) {
    this.#options = { nextTurn: (run) => void setImmediate(run), ...options };
  }

  /** False when too much waits already: the task will not run. */
  run(owner: string, task: () => void): boolean {
    if (this.#until === undefined) this.#begin();
    if (!this.#mayRun(owner)) return this.#waiting.push(owner, task, 1);
    this.#served.add(owner);
    task();
    return true;
  }

  #mayRun(owner: string): boolean {
    if (this.#waiting.size === 0 && !this.#isOver()) return true;
    const isFirst = !this.#served.has(owner) && !this.#waiting.has(owner);
    return isFirst && !this.#isOver(this.#options.shareMs);
  }

  #begin(): void {
    const { monotonic, nextTurn } = this.#options;
    this.#until = monotonic() + this.#options.shareMs;
    this.#served.clear();
    nextTurn(() => this.#continue());
  }

  #continue(): void {
    this.#until = undefined;
    if (this.#waiting.size === 0) return;
    this.#begin();
    while (!this.#isOver()) {
      const task = this.#waiting.shift();
      if (!task) return;
      task();
    }
  }

  #isOver(extraMs = 0): boolean {
    return this.#options.monotonic() >= (this.#until ?? Infinity) + extraMs;
  }
}

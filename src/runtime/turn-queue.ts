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
 * waits for the next turns, its owners one after the other. What runs elsewhere waits no longer than that.
 */
export class TurnQueue {
  readonly #options: Required<TurnQueueOptions>;
  readonly #waiting = new FairQueue<() => void>({ total: MAX_WAITING, perOwner: MAX_PER_OWNER });
  /** When this turn ends for us; undefined before its first task. */
  #until: number | undefined;

  constructor(options: TurnQueueOptions) {
    this.#options = { nextTurn: (run) => void setImmediate(run), ...options };
  }

  /** False when too much waits already: the task will not run. */
  run(owner: string, task: () => void): boolean {
    if (this.#until === undefined) this.#begin();
    if (this.#waiting.size > 0 || this.#isOver()) return this.#waiting.push(owner, task, 1);
    task();
    return true;
  }

  #begin(): void {
    const { monotonic, nextTurn } = this.#options;
    this.#until = monotonic() + this.#options.shareMs;
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

  #isOver(): boolean {
    return this.#options.monotonic() >= (this.#until ?? Infinity);
  }
}

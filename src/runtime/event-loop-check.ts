import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 20;
const NANOS_PER_MS = 1e6;
/** With turns this long on the whole, calls of the API server end before they are answered. */
const MAX_MEAN_MS = 2_000;

/** Whether the event loop comes round: all that this process answers waits for it. */
export class EventLoopCheck {
  #delay: ReturnType<typeof monitorEventLoopDelay> | undefined;

  start(): void {
    this.#delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    this.#delay.enable();
  }

  stop(): void {
    this.#delay?.disable();
  }

  /** Why not, judged by the turns since the last call. */
  findProblem(): string | undefined {
    const meanMs = (this.#delay?.mean ?? 0) / NANOS_PER_MS;
    this.#delay?.reset();
    return meanMs > MAX_MEAN_MS ? `a turn of the event loop took ${Math.round(meanMs)} ms on the whole` : undefined;
  }
}

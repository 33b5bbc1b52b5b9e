import { deferred } from './deferred.ts';
import type { Log } from '../telemetry/log.ts';

/** A part of the process that is started and stopped. */
export interface Part {
  name: string;
  start: () => void | Promise<void>;
  stop: () => void | Promise<void>;
}

export interface LifecycleOptions {
  log: Log;
  /** For all stops together; 20 s unless told: shorter than a pod's grace period. */
  stopDeadlineMs?: number;
}

/** Starts parts in order and stops them in reverse, on a signal or a request. */
export class Lifecycle {
  readonly #log: Log;
  readonly #stopDeadlineMs: number;
  readonly #parts: Part[] = [];
  readonly #started: Part[] = [];
  readonly #stopRequested = deferred<number>();

  constructor(options: LifecycleOptions) {
    this.#log = options.log;
    this.#stopDeadlineMs = options.stopDeadlineMs ?? 20_000;
  }

  add(part: Part): this {
    this.#parts.push(part);
    return this;
  }

  /** Ends `run`; only the first request counts. */
  requestStop(reason: string, exitCode = 0): void {
    this.#log.info({ reason }, 'stopping');
    this.#stopRequested.resolve(exitCode);
  }

  /** Starts all, waits for a signal or a request, stops all. Resolves with the exit code. */
  async run(signals: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT']): Promise<number> {
    const onSignal = (signal: NodeJS.Signals): void => this.requestStop(signal);
    for (const signal of signals) process.on(signal, onSignal);
    try {
      const failed = this.start().then(
        () => this.#stopRequested.promise,
        (error: unknown) => {
          this.#log.error({ error }, 'could not start');
          return 1;
        },
      );
      const code = await Promise.race([failed, this.#stopRequested.promise]);
      return (await this.stop()) ? code : Math.max(code, 1);
    } finally {
      for (const signal of signals) process.off(signal, onSignal);
    }
  }

  /** Rejects when a part does not start; those before it are still up. */
  async start(): Promise<void> {
    for (const part of this.#parts) {
      this.#started.push(part);
      await part.start();
      this.#log.debug({ part: part.name }, 'started');
    }
  }

  /** Whether all stopped in order and in time. A part that fails to stop does not keep the others up. */
  async stop(): Promise<boolean> {
    const late = deferred<boolean>();
    const timer = setTimeout(() => {
      this.#log.error({ parts: this.#started.map(({ name }) => name) }, 'these parts did not stop in time');
      late.resolve(false);
    }, this.#stopDeadlineMs);
    try {
      return await Promise.race([this.#stopAll(), late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #stopAll(): Promise<boolean> {
    let clean = true;
    for (let part = this.#started.at(-1); part; part = this.#started.at(-1)) {
      try {
        await part.stop();
      } catch (error) {
        clean = false;
        this.#log.error({ error, part: part.name }, 'did not stop in good order');
      }
      this.#started.splice(this.#started.indexOf(part), 1);
    }
    return clean;
  }
}

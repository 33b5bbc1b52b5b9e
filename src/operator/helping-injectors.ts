import type { WorkerPool } from '../runtime/worker-pool.ts';
import type { Log } from '../telemetry/log.ts';
import type { InjectionCall, InjectionHelpers } from '../webhooks/inject/apart-injector.ts';
import { USUAL_POD_BODY } from '../webhooks/inject/costly-pod.ts';
import type { EncodedAnswer } from '../webhooks/server/admission-handler.ts';
import type { WorkerJob } from './workers.ts';

export interface HelpingInjectorsOptions {
  pool: Pick<WorkerPool, 'offer' | 'grow'>;
  log: Log;
  /** Milliseconds that only grow. */
  monotonic?: () => number;
}

/** So many calls without a helper in so long a time are worth another one. */
const DEMAND = { calls: 32, ms: 1_000 };

/**
 * Threads that inject beside the one that serves while that has more to do. The first one starts when calls come faster
 * than they are answered, not before, and gets none before it is warm: at rest there is none, and who asks once does
 * not wait for a thread that begins.
 */
export class HelpingInjectors implements InjectionHelpers {
  readonly #options: Required<HelpingInjectorsOptions>;
  #isGrowing = false;
  #without = 0;
  #since = -Infinity;

  constructor(options: HelpingInjectorsOptions) {
    this.#options = { monotonic: () => performance.now(), ...options };
  }

  offer(body: Buffer, call: InjectionCall): Promise<EncodedAnswer | undefined> | undefined {
    const make = (): WorkerJob => ({ kind: 'inject-offered', body: new Uint8Array(body), call });
    const weight = Math.max(body.length, USUAL_POD_BODY);
    const answer = this.#options.pool.offer(make, { kind: 'inject-offered', weight });
    if (!answer) this.#want(body, call);
    return answer as Promise<EncodedAnswer | undefined> | undefined;
  }

  #want(body: Buffer, call: InjectionCall): void {
    if (this.#isGrowing) return;
    const now = this.#options.monotonic();
    if (now - this.#since > DEMAND.ms) {
      this.#since = now;
      this.#without = 0;
    }
    this.#without += 1;
    if (this.#without < DEMAND.calls) return;
    this.#without = 0;
    void this.#grow({ kind: 'inject-warm-up', body: new Uint8Array(body), call });
  }

  async #grow(job: WorkerJob): Promise<void> {
    this.#isGrowing = true;
    try {
      await this.#options.pool.grow(job, { kind: job.kind });
    } catch (error) {
      this.#options.log.warn({ error }, 'a thread that was to help with injection did not start');
    }
    this.#isGrowing = false;
  }
}

import type { JsonObject } from '../../core/kube-object.ts';
import { sleep, type Clock } from '../../runtime/clock.ts';
import type { AdmissionAnalysis, AnalysisAnswer, IndexedAnalysis, ValidObject, Waiting } from './admission-analysis.ts';

/** How long something may be looked for before it counts as missing, in milliseconds. */
export interface Patience {
  /** Where it only makes a warning. */
  warnMs: number;
  /** Where it makes a refusal. */
  refuseMs: number;
}

interface FirstLook {
  /** By the monotonic clock. */
  start: number;
  answer: AnalysisAnswer;
  caller: Waiting | undefined;
}

/** Refusals may take longer: nothing is worse than to refuse what is right. */
export const PATIENCE: Patience = { warnMs: 150, refuseMs: 1_000 };
/** Changes come in groups, and not each is worth another look. */
const GROUP_MS = 10;

/**
 * Looks again before it finds fault: what was stored just before may not have been seen yet, such as the first of two
 * resources in one `kubectl apply`. Resources without a fault never wait.
 */
export class PatientAnalysis implements AdmissionAnalysis {
  readonly #index: IndexedAnalysis;
  readonly #clock: Clock;
  readonly #patience: Patience;

  constructor(index: IndexedAnalysis, clock: Clock, patience = PATIENCE) {
    this.#index = index;
    this.#clock = clock;
    this.#patience = patience;
  }

  judge(
    candidate: ValidObject,
    previous?: JsonObject | null,
    caller?: Waiting,
  ): AnalysisAnswer | Promise<AnalysisAnswer> {
    const start = this.#clock.monotonic();
    const judge = (): AnalysisAnswer => this.#index.judge(candidate, previous);
    const answer = judge();
    return this.#patienceFor(answer) > 0 ? this.#judgeAgain(judge, { start, answer, caller }) : answer;
  }

  async #judgeAgain(judge: () => AnalysisAnswer, { start, answer, caller }: FirstLook): Promise<AnalysisAnswer> {
    const signal = caller?.signal;
    for (let latest = answer; ; latest = judge()) {
      const left = start + this.#patienceFor(latest) - this.#clock.monotonic();
      if (left <= 0 || signal?.aborted) return latest;
      await this.#waitForChange(left, signal);
    }
  }

  #patienceFor({ isUnsettled, errors }: AnalysisAnswer): number {
    if (!isUnsettled) return 0;
    return errors.length > 0 ? this.#patience.refuseMs : this.#patience.warnMs;
  }

  async #waitForChange(ms: number, signal: AbortSignal | undefined): Promise<void> {
    const change = new AbortController();
    const unsubscribe = this.#index.onChange(() => change.abort());
    await sleep(this.#clock, ms, signal ? AbortSignal.any([signal, change.signal]) : change.signal);
    unsubscribe();
    if (change.signal.aborted) await sleep(this.#clock, Math.min(GROUP_MS, ms), signal);
  }
}

import { objectKey } from '../../core/kube-object.ts';
import type { WorkloadState } from '../../core/proxy-rollout/workload-state.ts';
import type { Refusal } from './renew.ts';

/** So long a workload is left alone after something spoke against it. */
const REST_MS = 30_000;

/** Remembers what was refused, so that it is told, and not tried again at once. */
export class RefusedWork {
  readonly #known = new Map<string, Refusal & { until: number }>();
  /** What keeps the tag from being moved back. */
  ofTag: string | undefined;

  /** The states, with what was refused a moment ago as their block. */
  mark(states: readonly WorkloadState[], now: number): WorkloadState[] {
    for (const [key, { until }] of this.#known) if (until <= now) this.#known.delete(key);
    return states.map((state) => {
      const refusal = state.block ? undefined : this.#known.get(objectKey(state.ref));
      return refusal ? { ...state, block: refusal.block } : state;
    });
  }

  note(refusals: readonly Refusal[], now: number): void {
    for (const refusal of refusals) this.#known.set(objectKey(refusal.state.ref), { ...refusal, until: now + REST_MS });
  }
}

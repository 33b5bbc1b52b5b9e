import type { Pausable } from '../core/pausable.ts';

/** How long a slice is: short beside what an answer of a webhook may take. */
export const SLICE_MS = 5;

/** Those who want to hold the event loop for a slice, in the order in which they came. */
const waiting: (() => void)[] = [];

/**
 * Resolves when the caller may hold the event loop for some milliseconds. In each turn of it one may, however many want
 * to, and all else that has come by then goes first: what is long and what is much do not hold up webhooks.
 */
export function nextSlice(): Promise<void> {
  return new Promise((resolve) => {
    if (waiting.push(resolve) === 1) setImmediate(letOneGo);
  });
}

function letOneGo(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(letOneGo);
}

/** Does the work slice by slice. */
export async function runInSlices<T>(work: Pausable<T>, now: () => number = () => performance.now()): Promise<T> {
  for (;;) {
    await nextSlice();
    const began = now();
    while (now() - began < SLICE_MS) {
      const step = work.next();
      if (step.done) return step.value;
    }
  }
}

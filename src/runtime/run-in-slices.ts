import { setImmediate } from 'node:timers/promises';
import type { Pausable } from '../core/pausable.ts';

/** Short beside what an answer of a webhook may take, since several may run in one turn of the event loop. */
const SLICE_MS = 5;

/** Does the work, and lets all else that waits for the event loop go first whenever it was held for a while. */
export async function runInSlices<T>(work: Pausable<T>, now: () => number = () => performance.now()): Promise<T> {
  let began = now();
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    if (now() - began < SLICE_MS) continue;
    await setImmediate();
    began = now();
  }
}

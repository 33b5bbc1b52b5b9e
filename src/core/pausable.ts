/**
 * Long work that may be held up at each `yield`. The core knows no event loop: whoever has one runs the work in slices
 * (runtime/slices.ts), all others at once.
 */
export type Pausable<T> = Generator<undefined, T>;

/** Does the work at once. */
export function finish<T>(work: Pausable<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** A judgement took more work than it may. */
export class TooMuchWork extends Error {
  override readonly name = 'TooMuchWork';
}

/**
 * Counts what a judgement costs, in units that do not depend on the machine: the same input is refused everywhere or
 * nowhere. Whoever walks something whose length is the user's to choose spends a unit or more for each step.
 */
export class WorkMeter {
  readonly limit: number;
  #spent = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  get spent(): number {
    return this.#spent;
  }

  /** Throws {@link TooMuchWork} once the limit is passed. */
  spend(units: number): void {
    this.#spent += units;
    if (this.#spent > this.limit) throw new TooMuchWork(`more than ${this.limit} units of work`);
  }
}

/** How much is kept. */
export interface TextLimits {
  texts: number;
  /** Characters of one text; of longer ones only the last is kept. */
  length: number;
}

/** What was made of the texts that came last. */
export class RecentTexts<T> {
  readonly #limits: TextLimits;
  readonly #made = new Map<string, T>();
  #lastLong: { text: string; made: T } | undefined;

  constructor(limits: TextLimits) {
    this.#limits = limits;
  }

  /** What was made of this text, else what `make` makes of it; what it throws is not kept. */
  of(text: string, make: (text: string) => T): T {
    if (text.length > this.#limits.length) return this.#ofLong(text, make);
    const known = this.#made.get(text);
    if (known !== undefined) return known;
    const made = make(text);
    if (this.#made.size >= this.#limits.texts) this.#forgetFirst();
    this.#made.set(text, made);
    return made;
  }

  #ofLong(text: string, make: (text: string) => T): T {
    if (this.#lastLong?.text !== text) this.#lastLong = { text, made: make(text) };
    return this.#lastLong.made;
  }

  #forgetFirst(): void {
    for (const text of this.#made.keys()) {
      this.#made.delete(text);
      return;
    }
  }
}

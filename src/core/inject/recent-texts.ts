/** Of what is kept. */
const MAX_TEXTS = 64;
const MAX_LENGTH = 1024;

/**
 * What was made of the texts that came last; of long ones, of one. Most pods of a cluster share a few annotations, and reading one takes as
 * long as all else in an injection.
 */
export class RecentTexts<T> {
  readonly #made = new Map<string, T>();
  /** One injection reads the same text several times. */
  #lastLong: { text: string; made: T } | undefined;

  /** What was made of this text, else what `make` makes of it; what it throws is not kept. */
  of(text: string, make: (text: string) => T): T {
    if (text.length > MAX_LENGTH) return this.#ofLong(text, make);
    const known = this.#made.get(text);
    if (known !== undefined) return known;
    const made = make(text);
    if (this.#made.size >= MAX_TEXTS) this.#forgetFirst();
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

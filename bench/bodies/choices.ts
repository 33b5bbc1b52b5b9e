/** Choices that are the same for the same seed, on every machine. */
export class Choices {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** At least 0 and below 1, by mulberry32. */
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number; both ends are possible. */
  number(lowest: number, highest: number): number {
    return lowest + Math.floor(this.#next() * (highest - lowest + 1));
  }

  isSo(chance: number): boolean {
    return this.#next() < chance;
  }

  oneOf<T>(items: readonly [T, ...T[]]): T {
    return items[this.number(0, items.length - 1)] ?? items[0];
  }

  /** As many as it chooses between the ends. */
  many<T>([fewest, most]: [number, number], make: (i: number) => T): T[] {
    return Array.from({ length: this.number(fewest, most) }, (_, i) => make(i));
  }

  /** The fields, or none of them. */
  maybe<T extends object>(chance: number, make: () => T): T | object {
    return this.isSo(chance) ? make() : {};
  }
}

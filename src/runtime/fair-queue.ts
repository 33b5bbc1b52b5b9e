/** How much may wait. */
export interface QueueLimits {
  /** The weights of all items together. */
  total: number;
  /** The weights of one owner's items. */
  perOwner: number;
}

interface Entry<T> {
  item: T;
  weight: number;
}

/** Items that wait by owner; the owners take turns, so that one with many items delays another by one item only. */
export class FairQueue<T> {
  readonly #limits: QueueLimits;
  /** The next owner's first. */
  readonly #owners = new Map<string, { entries: Entry<T>[]; weight: number }>();
  #weight = 0;
  #size = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#size;
  }

  /** Whether anything of this owner's waits. */
  has(owner: string): boolean {
    return this.#owners.has(owner);
  }

  /** False, and nothing is done, when there is no room. */
  push(owner: string, item: T, weight: number): boolean {
    const own = this.#owners.get(owner) ?? { entries: [], weight: 0 };
    const { total, perOwner } = this.#limits;
    if (this.#weight + weight > total || own.weight + weight > perOwner) return false;
    own.entries.push({ item, weight });
    own.weight += weight;
    this.#weight += weight;
    this.#size += 1;
    this.#owners.set(owner, own);
    return true;
  }

  /** Takes the first item of the owner whose turn it is. */
  shift(): T | undefined {
    for (const [owner, own] of this.#owners) {
      this.#owners.delete(owner);
      const entry = own.entries.shift();
      if (!entry) continue;
      own.weight -= entry.weight;
      this.#weight -= entry.weight;
      this.#size -= 1;
      if (own.entries.length > 0) this.#owners.set(owner, own);
      return entry.item;
    }
    return undefined;
  }

  /** Takes an item out; false when it does not wait. */
  remove(owner: string, item: T): boolean {
    const own = this.#owners.get(owner);
    const at = own?.entries.findIndex((entry) => entry.item === item) ?? -1;
    if (!own || at < 0) return false;
    const [entry] = own.entries.splice(at, 1);
    own.weight -= entry?.weight ?? 0;
    this.#weight -= entry?.weight ?? 0;
    this.#size -= 1;
    if (own.entries.length === 0) this.#owners.delete(owner);
    return true;
  }
}

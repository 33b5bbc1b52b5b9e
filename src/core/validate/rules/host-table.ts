const WILDCARD = '*';

/**
 * Things by the hosts that they name, kept up to date one by one. Finds what overlaps with a host without looking
 * at all of them: a wildcard stands for every host that ends as it does.
 */
export class HostTable<T> {
  readonly #byHost = new Map<string, T[]>();
  /** How many wildcards there are of each length. */
  readonly #wildcards = new Map<number, number>();
  /** The keys of `#wildcards`, longest first; made when they are needed. */
  #lengths: readonly number[] | undefined;
  /** All hosts read from their ends, sorted, so that those with the same end are neighbours; made when needed. */
  #reversed: string[] | undefined;

  add(host: string, item: T): void {
    const listed = this.#byHost.get(host);
    if (listed) {
      if (!listed.includes(item)) listed.push(item);
      return;
    }
    this.#byHost.set(host, [item]);
    if (host.startsWith(WILDCARD)) this.#countWildcard(host.length, 1);
    if (!this.#reversed) return;
    const key = reverse(host);
    this.#reversed.splice(findPlace(this.#reversed, key), 0, key);
  }

  remove(host: string, item: T): void {
    const listed = this.#byHost.get(host);
    const at = listed?.indexOf(item) ?? -1;
    if (!listed || at < 0) return;
    listed.splice(at, 1);
    if (listed.length > 0) return;
    this.#byHost.delete(host);
    if (host.startsWith(WILDCARD)) this.#countWildcard(host.length, -1);
    this.#reversed?.splice(findPlace(this.#reversed, reverse(host)), 1);
  }

  /** Who names exactly this host. */
  named(host: string): readonly T[] {
    return this.#byHost.get(host) ?? [];
  }

  /** Whether every name that `host` stands for is one of those that a host of the table stands for. */
  holds(host: string): boolean {
    return this.#byHost.has(host) || this.wildcardsOver(host).length > 0;
  }

  /** The wildcards that stand for every name that the host stands for, longest first; never the host itself. */
  wildcardsOver(host: string): string[] {
    this.#lengths ??= [...this.#wildcards.keys()].sort((a, b) => b - a);
    const name = host.startsWith(WILDCARD) ? host.slice(1) : host;
    const found: string[] = [];
    for (const length of this.#lengths) {
      if (length - 1 > name.length) continue;
      const wildcard = WILDCARD + name.slice(name.length - (length - 1));
      if (wildcard !== host && this.#byHost.has(wildcard)) found.push(wildcard);
    }
    return found;
  }

  /** All hosts that have a name in common with this one, itself included. */
  overlapping(host: string): string[] {
    if (host.startsWith(WILDCARD)) return [...this.wildcardsOver(host), ...this.#hostsUnder(host)];
    return [...(this.#byHost.has(host) ? [host] : []), ...this.wildcardsOver(host)];
  }

  /** What ends as the wildcard does, itself included. */
  #hostsUnder(wildcard: string): string[] {
    this.#reversed ??= [...this.#byHost.keys()].map(reverse).sort();
    const ending = reverse(wildcard.slice(1));
    const found: string[] = [];
    for (let at = findPlace(this.#reversed, ending); at < this.#reversed.length; at++) {
      const key = this.#reversed[at] ?? '';
      if (!key.startsWith(ending)) break;
      found.push(reverse(key));
    }
    return found;
  }

  #countWildcard(length: number, by: 1 | -1): void {
    const count = (this.#wildcards.get(length) ?? 0) + by;
    if (count > 0) this.#wildcards.set(length, count);
    else this.#wildcards.delete(length);
    this.#lengths = undefined;
  }
}

function reverse(text: string): string {
  return [...text].reverse().join('');
}

/** Where a key is in a sorted list, or would be. */
function findPlace(sorted: readonly string[], key: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

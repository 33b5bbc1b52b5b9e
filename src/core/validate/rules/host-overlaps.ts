const WILDCARD = '*';

/** Two places of a list whose hosts overlap. */
export interface HostOverlap {
  first: number;
  second: number;
}

interface PlacedHost {
  place: number;
  host: string;
  isWildcard: boolean;
  /** Without the star and from its end, so that what a wildcard holds comes right after it when sorted. */
  key: string;
}

/**
 * Places whose hosts stand for a common name, ordered. For each host the nearest wildcard or equal host around it is
 * told, not all of them: a list of hosts may be as long as a request allows.
 */
export function findHostOverlaps(hosts: readonly string[]): HostOverlap[] {
  const found: HostOverlap[] = [];
  const around: PlacedHost[] = [];
  let before: PlacedHost | undefined;
  for (const placed of hosts.map(placeHost).sort(compareHosts)) {
    while (around.length > 0 && !placed.key.startsWith(around.at(-1)?.key ?? '')) around.pop();
    const other = before?.host === placed.host ? before : around.at(-1);
    if (other) {
      found.push({ first: Math.min(other.place, placed.place), second: Math.max(other.place, placed.place) });
    }
    if (placed.isWildcard) around.push(placed);
    before = placed;
  }
  return found.sort((a, b) => a.second - b.second || a.first - b.first);
}

function placeHost(host: string, place: number): PlacedHost {
  const isWildcard = host.startsWith(WILDCARD);
  const key = [...(isWildcard ? host.slice(1) : host)].reverse().join('');
  return { place, host, isWildcard, key };
}

function compareHosts(a: PlacedHost, b: PlacedHost): number {
  if (a.key !== b.key) return a.key < b.key ? -1 : 1;
  return Number(b.isWildcard) - Number(a.isWildcard) || a.place - b.place;
}

import type { Json, JsonObject } from '../kube-object.ts';

interface Orders {
  /** The elements in the patch's order. */
  patch: JsonObject[];
  /** The elements in the order they had before. */
  live: JsonObject[];
  key: string;
}

/**
 * Orders a merged list as apimachinery does: elements that the patch names keep the patch's order, the others keep
 * theirs, and one of the others comes first only while the old list puts it before the next element of the patch.
 */
export function orderElements(merged: JsonObject[], { patch, live, key }: Orders): JsonObject[] {
  const patchRank = ranks(patch, key);
  const liveRank = ranks(live, key);
  const named = sortByRank(
    merged.filter((item) => patchRank.has(item[key])),
    patchRank,
    key,
  );
  const others = sortByRank(
    merged.filter((item) => !patchRank.has(item[key])),
    liveRank,
    key,
  );
  const ordered: JsonObject[] = [];
  while (named.length > 0 && others.length > 0) {
    const otherFirst = isBefore(liveRank.get(others[0]?.[key]), liveRank.get(named[0]?.[key]));
    ordered.push(...(otherFirst ? others : named).splice(0, 1));
  }
  return [...ordered, ...named, ...others];
}

type Ranks = Map<Json | undefined, number>;

function ranks(list: JsonObject[], key: string): Ranks {
  const result: Ranks = new Map();
  list.forEach((item, index) => {
    if (!result.has(item[key])) result.set(item[key], index);
  });
  return result;
}

function sortByRank(list: JsonObject[], rank: Ranks, key: string): JsonObject[] {
  const last = Number.MAX_SAFE_INTEGER;
  return list.sort((a, b) => (rank.get(a[key]) ?? last) - (rank.get(b[key]) ?? last));
}

function isBefore(a: number | undefined, b: number | undefined): boolean {
  return a !== undefined && b !== undefined && a < b;
}

import { isJsonObject, type Json } from '../kube-object.ts';

interface Orders {
  /** The elements, or only what identifies them, in the patch's order. */
  patch: readonly Json[];
  /** The elements in the order they had before. */
  live: readonly Json[];
  /** What identifies an element; a scalar identifies itself. */
  key: string | undefined;
}

/**
 * Orders a merged list as apimachinery does: elements that the patch names keep the patch's order, the others keep
 * theirs, and one of the others comes first only while the old list puts it before the next element of the patch.
 */
export function orderElements<T extends Json>(merged: readonly T[], { patch, live, key }: Orders): T[] {
  const patchRank = ranks(patch, key);
  const liveRank = ranks(live, key);
  const named = sortByRank(
    merged.filter((item) => patchRank.has(identityOf(item, key))),
    patchRank,
    key,
  );
  const others = sortByRank(
    merged.filter((item) => !patchRank.has(identityOf(item, key))),
    liveRank,
    key,
  );
  const ordered: T[] = [];
  const rankOf = (item: T | undefined): number | undefined => liveRank.get(identityOf(item ?? null, key));
  let [nextNamed, nextOther] = [0, 0];
  while (nextNamed < named.length && nextOther < others.length) {
    const otherFirst = isBefore(rankOf(others[nextOther]), rankOf(named[nextNamed]));
    const next = otherFirst ? others[nextOther++] : named[nextNamed++];
    if (next !== undefined) ordered.push(next);
  }
  return [...ordered, ...named.slice(nextNamed), ...others.slice(nextOther)];
}

/** What tells an element of a list from the others. */
export function identityOf(element: Json, key: string | undefined): Json | undefined {
  return key !== undefined && isJsonObject(element) ? element[key] : element;
}

type Ranks = Map<Json | undefined, number>;

function ranks(list: readonly Json[], key: string | undefined): Ranks {
  const result: Ranks = new Map();
  list.forEach((item, index) => {
    const identity = identityOf(item, key);
    if (!result.has(identity)) result.set(identity, index);
  });
  return result;
}

function sortByRank<T extends Json>(list: T[], rank: Ranks, key: string | undefined): T[] {
  const last = Number.MAX_SAFE_INTEGER;
  const rankOf = (item: T): number => rank.get(identityOf(item, key)) ?? last;
  return list.sort((a, b) => rankOf(a) - rankOf(b));
}

function isBefore(a: number | undefined, b: number | undefined): boolean {
  return a !== undefined && b !== undefined && a < b;
}

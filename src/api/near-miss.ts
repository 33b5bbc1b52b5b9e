/** Edits (insert, delete, replace, swap of neighbours) that lead from one word to the other. */
function editDistance(a: string, b: string): number {
  const table = Array.from({ length: a.length + 1 }, (_, i) => [i]);
  const cost = (i: number, j: number): number => table[i]?.[j] ?? Infinity;
  for (let j = 1; j <= b.length; j++) table[0]?.push(j);
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const replaced = cost(i - 1, j - 1) + (same ? 0 : 1);
      table[i]?.push(
        Math.min(cost(i - 1, j) + 1, cost(i, j - 1) + 1, replaced, swapped ? cost(i - 2, j - 2) + 1 : Infinity),
      );
    }
  }
  return cost(a.length, b.length);
}

function distanceWithin(a: string, b: string, limit: number): number {
  return Math.abs(a.length - b.length) > limit ? limit + 1 : editDistance(a, b);
}

function sharedPrefix(a: string, b: string): number {
  let i = 0;
  while (i < a.length && i < b.length && a[i] === b[i]) i++;
  return i;
}

/**
 * The candidate that was probably meant, or undefined when none is near. Case and separators do not count. With a number
 * of edits no more are forgiven; without one, a third of the word, and all that comes after a long common beginning.
 */
export function nearest(word: string, candidates: Iterable<string>, edits?: number): string | undefined {
  if (word.length > 64) return undefined;
  const plain = fold(word);
  const limit = edits ?? Math.max(1, Math.floor(plain.length / 3));
  let best: string | undefined;
  let bestCost = limit + 1;
  for (const candidate of candidates) {
    const other = fold(candidate);
    // `v1` is not a slip of `v2`.
    if (other !== plain && withoutDigits(other) === withoutDigits(plain)) continue;
    const prefix = sharedPrefix(plain, other);
    const stem = edits === undefined && prefix >= 5 && prefix >= plain.length * 0.7;
    const cost = Math.min(distanceWithin(plain, other, limit), stem ? limit : limit + 1);
    if (cost < bestCost) {
      best = candidate;
      bestCost = cost;
    }
  }
  return best;
}

function fold(word: string): string {
  return word.toLowerCase().replace(/[-_ ]/g, '');
}

function withoutDigits(word: string): string {
  return word.replace(/\d+/g, '');
}

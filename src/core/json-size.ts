import type { Json } from './kube-object.ts';

const CHARACTERS_PER_UNIT = 16;

/** How large a value is, in units: one for each value and key in it, and one for each 16 characters of text. */
export function measureJson(value: Json | undefined): number {
  let units = 0;
  // A list of what is to be measured, not calls in calls: what comes from outside may be deep.
  const open: (Json | undefined)[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    units += 1;
    if (typeof next === 'string') units += Math.floor(next.length / CHARACTERS_PER_UNIT);
    else if (Array.isArray(next)) for (const item of next) open.push(item);
    else if (typeof next === 'object' && next !== null) {
      for (const key of Object.keys(next)) {
        units += 1 + Math.floor(key.length / CHARACTERS_PER_UNIT);
        open.push(next[key]);
      }
    }
  }
  return units;
}

import { plural } from '../core/plural.ts';

export { plural, withCommas } from '../core/plural.ts';

const MINUTE_MS = 60_000;
const STEPS: readonly (readonly [name: string, ms: number])[] = [
  ['day', 24 * 60 * MINUTE_MS],
  ['hour', 60 * MINUTE_MS],
  ['minute', MINUTE_MS],
];

/** `3 days ago`, `in 2 hours`: the largest unit that fits, seen from a time; empty for what is no time. */
export function relativeTime(at: string, now: string): string {
  const ms = Date.parse(at) - Date.parse(now);
  if (Number.isNaN(ms)) return '';
  const [name, size] = STEPS.find(([, each]) => Math.abs(ms) >= each) ?? [];
  if (name === undefined || size === undefined) return 'now';
  const words = plural(Math.round(Math.abs(ms) / size), name);
  return ms < 0 ? `${words} ago` : `in ${words}`;
}

/** The revision without a name has one here: an empty cell says nothing. */
export function revisionText(revision: string): string {
  return revision || 'default';
}

const MINUTE = 60_000;
const UNITS: readonly (readonly [letter: string, ms: number, until: number])[] = [
  ['s', 1_000, 2 * MINUTE],
  ['m', MINUTE, 120 * MINUTE],
  ['h', 60 * MINUTE, 48 * 60 * MINUTE],
];
const DAY = 24 * 60 * MINUTE;

/** A span of time as kubectl tells ages: `90s`, `5m`, `12h`, `30d`. */
export function spanText(ms: number): string {
  const unit = UNITS.find(([, , until]) => ms < until);
  return unit ? `${Math.max(0, Math.floor(ms / unit[1]))}${unit[0]}` : `${Math.floor(ms / DAY)}d`;
}

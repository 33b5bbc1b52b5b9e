const UNITS: readonly [number, string][] = [
  [3600e9, 'h'],
  [60e9, 'm'],
];
const SMALL: readonly [number, string][] = [
  [1e6, 'ms'],
  [1e3, 'µs'],
  [1, 'ns'],
];

/** Nanoseconds as Go prints a duration: `1m30s`, `250ms`, `0s`. */
export function goDuration(nanos: number): string {
  const sign = nanos < 0 ? '-' : '';
  let rest = Math.abs(nanos);
  if (rest === 0) return '0s';
  if (rest < 1e9) {
    const [size, unit] = SMALL.find(([limit]) => rest >= limit) ?? [1, 'ns'];
    return `${sign}${rest / size}${unit}`;
  }
  let text = '';
  for (const [size, unit] of UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0 || text !== '') text += `${count}${unit}`;
  }
  return `${sign}${text}${rest / 1e9}s`;
}

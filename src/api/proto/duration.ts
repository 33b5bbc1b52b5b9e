/** A length of time as protobuf has it. Both parts have the same sign. */
export interface Duration {
  seconds: number;
  nanos: number;
}

export const NO_TIME: Duration = { seconds: 0, nanos: 0 };

const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  // Both the micro sign and the Greek letter.
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};
const NANOS_PER_SECOND = 1_000_000_000n;
const INT64_LIMIT = 2n ** 63n;
/** A length of time as Go writes it: `10s`, `1h30m`, `250ms`. */
export const GO_DURATION = /^[-+]?(0|((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$/;
const PART = /(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/g;
const COMMON = /^(\d{1,6})(ms|s|m|h)$/;

/**
 * Reads a duration as Go's time.ParseDuration does: `10s`, `1h30m`, `1.5s`, `-3ms`, `0`. Undefined when the text is
 * none, or more than the 292 years that Go can hold.
 */
export function parseDuration(text: string): Duration | undefined {
  const common = COMMON.exec(text);
  if (common) return fromMillis(Number(common[1]) * ((UNITS[common[2] ?? ''] ?? 0) / 1e6));
  if (text.length > 1024 || !GO_DURATION.test(text)) return undefined;
  const magnitude = sumOfParts(text);
  if (magnitude === undefined) return undefined;
  const total = text.startsWith('-') ? -magnitude : magnitude;
  return total >= INT64_LIMIT ? undefined : fromNanos(total);
}

/** The whole length in nanoseconds. */
export function durationNanos({ seconds, nanos }: Duration): bigint {
  return BigInt(seconds) * NANOS_PER_SECOND + BigInt(nanos);
}

/** The whole length in milliseconds, with a fraction when it has one. Exact up to 104 days in nanoseconds. */
export function durationMillis({ seconds, nanos }: Duration): number {
  return seconds * 1000 + nanos / 1e6;
}

/** As Go prints it: `1m30s`, `1h0m0s`, `250ms`, `0s`. */
export function printGoDuration(duration: Duration): string {
  const total = durationNanos(duration);
  const nanos = total < 0n ? -total : total;
  const sign = total < 0n ? '-' : '';
  if (nanos === 0n) return '0s';
  if (nanos < NANOS_PER_SECOND) {
    const unit = nanos >= 1_000_000n ? 'ms' : nanos >= 1000n ? 'µs' : 'ns';
    return `${sign}${Number(nanos) / (UNITS[unit] ?? 1)}${unit}`;
  }
  const seconds = nanos / NANOS_PER_SECOND;
  const [hours, minutes] = [seconds / 3600n, (seconds / 60n) % 60n];
  const before = hours > 0n ? `${hours}h${minutes}m` : minutes > 0n ? `${minutes}m` : '';
  return `${sign}${before}${Number(nanos % (60n * NANOS_PER_SECOND)) / 1e9}s`;
}

/** As protojson prints it, in seconds with three, six or nine digits: `1m30s` is `90s`, `250ms` is `0.250s`. */
export function printProtoDuration({ seconds, nanos }: Duration): string {
  const sign = seconds < 0 || nanos < 0 ? '-' : '';
  const digits = String(Math.abs(nanos))
    .padStart(9, '0')
    .replace(/(?:000){1,3}$/, '');
  return `${sign}${Math.abs(seconds)}${digits === '' ? '' : `.${digits}`}s`;
}

function fromMillis(millis: number): Duration {
  const seconds = Math.floor(millis / 1000);
  return { seconds, nanos: (millis - seconds * 1000) * 1e6 };
}

function fromNanos(total: bigint): Duration {
  // The remainder of BigInt has the sign of the dividend, as in Go.
  return { seconds: Number(total / NANOS_PER_SECOND), nanos: Number(total % NANOS_PER_SECOND) };
}

function sumOfParts(text: string): bigint | undefined {
  let sum = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of text.matchAll(PART)) {
    const size = UNITS[unit] ?? 0;
    sum += BigInt(whole || '0') * BigInt(size) + fractionOf(fraction, size);
    if (sum > INT64_LIMIT) return undefined;
  }
  return sum;
}

/** Go multiplies a fraction in floating point and cuts the rest; so the last digit comes out as there. */
function fractionOf(digits: string, size: number): bigint {
  if (digits === '') return 0n;
  let value = 0n;
  let scale = 1;
  for (const digit of digits) {
    const next = value * 10n + BigInt(digit);
    if (next > INT64_LIMIT) break;
    value = next;
    scale *= 10;
  }
  return BigInt(Math.trunc(Number(value) * (size / scale)));
}

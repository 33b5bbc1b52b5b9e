import { durationNanos, printGoDuration, type Duration } from '../../../api/proto/duration.ts';
import type { Fault } from '../findings.ts';

const NANOS_PER_MILLI = 1_000_000;

/** Compares exactly: negative, zero or positive as the duration is shorter, equal or longer. */
function compareMillis(duration: Duration, millis: number): number {
  const difference = durationNanos(duration) - BigInt(millis) * BigInt(NANOS_PER_MILLI);
  return difference < 0n ? -1 : Number(difference > 0n);
}

/** Whether a duration has no part below a millisecond. */
export function isWholeMillis({ nanos }: Duration): boolean {
  return nanos % NANOS_PER_MILLI === 0;
}

/** At least a millisecond, and whole milliseconds: what Envoy's timers take. */
export function findDurationFault(duration: Duration): Fault | undefined {
  const { seconds, nanos } = duration;
  if (seconds < 0 || nanos < 0 || (seconds === 0 && nanos < NANOS_PER_MILLI)) {
    return { code: 'DurationTooShort', message: `${printDuration(duration)} is too short: use at least 1ms` };
  }
  if (isWholeMillis(duration)) return undefined;
  return { code: 'DurationTooFine', message: `${printDuration(duration)} is too fine: use whole milliseconds` };
}

/** Between two lengths in milliseconds, both included. */
export function findDurationRangeFault(duration: Duration, minMillis: number, maxMillis: number): Fault | undefined {
  if (compareMillis(duration, minMillis) >= 0 && compareMillis(duration, maxMillis) <= 0) return undefined;
  const range = `from ${printMillis(minMillis)} to ${printMillis(maxMillis)}`;
  return { code: 'DurationOutOfRange', message: `${printDuration(duration)} is out of range: use ${range}` };
}

/** As people write it: `1h` where Go prints `1h0m0s`. */
function printDuration(duration: Duration): string {
  return printGoDuration(duration).replace(/m0s$/, 'm').replace(/h0m$/, 'h');
}

function printMillis(millis: number): string {
  return printDuration({ seconds: Math.floor(millis / 1000), nanos: (millis % 1000) * NANOS_PER_MILLI });
}

import type { WindowSpec } from '../../api/staged/staged-spec.ts';
import { fieldPath, itemPath } from '../../api/field-path.ts';
import { durationMillis, parseDuration } from '../../api/proto/duration.ts';
import type { Problem } from '../problem.ts';
import { fault } from './fault.ts';
import { isTimeZone, type Window } from '../steps/windows.ts';

const DAY_MS = 24 * 60 * 60_000;
const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/;

/** A length of time that was decoded, in milliseconds. */
export function millisOf(text: string | undefined, otherwise: number): number {
  const read = text === undefined ? undefined : parseDuration(text);
  return read ? durationMillis(read) : otherwise;
}

export function windowsOf(windows: readonly WindowSpec[] | undefined): Window[] {
  return (windows ?? []).map(({ duration, ...window }) => ({ ...window, durationMs: millisOf(duration, 0) }));
}

/** Faults of `spec.windows`. */
export function findWindowFaults(windows: readonly WindowSpec[] | undefined): Problem[] {
  return (windows ?? []).flatMap(({ start, duration, timeZone }, index) => {
    const path = itemPath('spec.windows', index);
    const ms = millisOf(duration, 0);
    const rules: [isKept: boolean, field: string, message: string, hint?: string][] = [
      [CLOCK.test(start), 'start', 'must be a time such as 22:30'],
      [ms > 0 && ms <= DAY_MS, 'duration', 'must be more than 0 and at most 24h'],
      [
        timeZone === undefined || isTimeZone(timeZone),
        'timeZone',
        `there is no time zone ${JSON.stringify(timeZone)}`,
        'a name such as Europe/Vienna',
      ],
    ];
    return rules.flatMap(([isKept, field, message, hint]) =>
      isKept ? [] : [fault(fieldPath(path, field), message, hint)],
    );
  });
}

/** The fault of a length of time below zero. */
export function findNegative(text: string | undefined, path: string): Problem[] {
  return millisOf(text, 0) >= 0 ? [] : [fault(path, 'must not be negative')];
}

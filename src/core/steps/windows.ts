/** A time of the week at which something may be begun. */
export interface Window {
  /** `Mon` to `Sun`; every day where it is absent. */
  days?: readonly string[] | undefined;
  /** `HH:MM`, of the clocks in the zone. */
  start: string;
  durationMs: number;
  /** Name in the IANA database; UTC where it is absent. */
  timeZone?: string | undefined;
}

export const WEEK_DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;

const DAY_MS = 24 * 60 * 60_000;
/** The days around now of which one has the window that is open, or the next: no window is longer than a day. */
const [FIRST_DAY, LAST_DAY] = [-2, 9];

/**
 * Until when all windows are closed, in milliseconds since the epoch; undefined while one is open, and where there are
 * none. Infinity where none ever opens.
 */
export function findClosedUntil(windows: readonly Window[], now: number): number | undefined {
  if (windows.length === 0) return undefined;
  const starts = windows.flatMap((window) => startsAround(window, now).map((start) => ({ start, window })));
  if (starts.some(({ start, window }) => start <= now && now < start + window.durationMs)) return undefined;
  return Math.min(...starts.filter(({ start }) => start > now).map(({ start }) => start));
}

/** Whether the name is one of a time zone. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function startsAround({ days, start, timeZone = 'UTC' }: Window, now: number): number[] {
  const [hour = 0, minute = 0] = start.split(':').map(Number);
  const today = localTime(now, timeZone);
  const starts: number[] = [];
  for (let offset = FIRST_DAY; offset <= LAST_DAY; offset += 1) {
    const midnight = today - (today % DAY_MS) + offset * DAY_MS;
    const day = WEEK_DAYS[new Date(midnight).getUTCDay()] ?? '';
    if (days && !days.includes(day)) continue;
    starts.push(instantOf(midnight + (hour * 60 + minute) * 60_000, timeZone));
  }
  return starts;
}

/** What the clocks of a zone show, written as if it were UTC. */
function localTime(instant: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instant);
  const part = (type: string): number => Number(parts.find((each) => each.type === type)?.value);
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}

/** When the clocks of a zone show this. The second try sets right what a change of the clocks in between moved. */
function instantOf(local: number, timeZone: string): number {
  const guess = local - (localTime(local, timeZone) - local);
  return guess - (localTime(guess, timeZone) - local);
}

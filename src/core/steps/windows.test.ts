import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findClosedUntil, isTimeZone, type Window } from './windows.ts';

const HOUR = 3_600_000;
const night: Window = { start: '22:00', durationMs: 4 * HOUR };
const read = (until: number | undefined): string =>
  until === undefined ? 'open' : Number.isFinite(until) ? new Date(until).toISOString().slice(0, 16) : 'never';

it.each<[string, Window[], string, string]>([
  ['no windows: always open', [], '2026-11-28T12:00', 'open'],
  ['before it opens', [night], '2026-11-28T12:00', '2026-11-28T22:00'],
  ['when it opens', [night], '2026-11-28T22:00', 'open'],
  ['after midnight', [night], '2026-11-29T01:59', 'open'],
  ['when it closes', [night], '2026-11-29T02:00', '2026-11-29T22:00'],
  ['the day is that of its beginning', [{ ...night, days: ['Sat'] }], '2026-11-29T01:00', 'open'],
  ['not that of its end', [{ ...night, days: ['Sun'] }], '2026-11-29T01:00', '2026-11-29T22:00'],
  ['a week away', [{ ...night, days: ['Sat'] }], '2026-11-29T02:00', '2026-12-05T22:00'],
  ['the next of two', [night, { start: '13:00', durationMs: HOUR }], '2026-11-28T12:00', '2026-11-28T13:00'],
  ['a zone in winter', [{ ...night, timeZone: 'Europe/Vienna' }], '2026-11-28T12:00', '2026-11-28T21:00'],
  ['a zone in summer', [{ ...night, timeZone: 'Europe/Vienna' }], '2026-07-28T12:00', '2026-07-28T20:00'],
  [
    'a zone across the change of clocks',
    [{ start: '12:00', durationMs: HOUR, timeZone: 'Europe/Vienna' }],
    '2026-10-24T12:00',
    '2026-10-25T11:00',
  ],
  ['no day at all', [{ ...night, days: [] }], '2026-11-28T12:00', 'never'],
])('%s', (_, windows, now, expected) => {
  expect(read(findClosedUntil(windows, Date.parse(`${now}Z`)))).toBe(expected);
});

it('is open at the time that it names, and a minute before it is not', () => {
  const zone = fc.constantFrom('UTC', 'Europe/Vienna', 'America/New_York', 'Asia/Kolkata', 'Pacific/Auckland');
  const minutes = fc.integer({ min: 0, max: 23 * 60 });
  const instant = fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2027-01-01') });
  fc.assert(
    fc.property(zone, minutes, instant, (timeZone, minute, now) => {
      const start = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
      const windows = [{ start, durationMs: 60_000, timeZone }];
      const opens = findClosedUntil(windows, now) ?? now;
      expect(findClosedUntil(windows, opens)).toBeUndefined();
      expect(opens - now).toBeLessThanOrEqual(25 * HOUR);
    }),
  );
});

it('knows time zones', () => {
  expect([isTimeZone('Europe/Vienna'), isTimeZone('UTC'), isTimeZone('Mars/Olympus')]).toEqual([true, true, false]);
});

import { expect, it } from 'vitest';
import { plural, relativeTime, revisionText } from './text.ts';

const NOW = '2026-11-28T12:00:00Z';

it.each([
  ['2026-11-28T11:59:30Z', 'now'],
  ['2026-11-28T11:59:00Z', '1 minute ago'],
  ['2026-11-28T09:00:00Z', '3 hours ago'],
  ['2026-11-25T12:00:00Z', '3 days ago'],
  ['2027-02-26T12:00:00Z', 'in 90 days'],
  ['no time', ''],
])('%s is %j', (at, text) => {
  expect(relativeTime(at, NOW)).toBe(text);
});

it('counts in words', () => {
  expect([plural(1, 'pod'), plural(5_000, 'pod'), plural(2, 'is', 'are')]).toEqual(['1 pod', '5,000 pods', '2 are']);
});

it('has a name for the revision without one', () => {
  expect([revisionText(''), revisionText('canary')]).toEqual(['default', 'canary']);
});

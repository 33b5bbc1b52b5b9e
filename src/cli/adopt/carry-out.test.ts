import { expect, it } from 'vitest';
import { howItEnded } from './carry-out.ts';

const condition = (type: string, reason: string, status: 'True' | 'False' = 'True') => ({
  type,
  status,
  reason,
  message: 'm',
  lastTransitionTime: '2026-01-01T00:00:00Z',
});

it.each([
  ['when all is ready', [condition('Ready', 'Installed')], 'done'],
  ['not while it is under way', [condition('Ready', 'Progressing', 'False')], undefined],
  ['when the operator holds it back', [condition('Stalled', 'ChangeRefused')], 'the operator holds it back: m'],
  ['not by what was said before the consent', [condition('Stalled', 'AdoptionRequired')], undefined],
])('a hand-over ends %s', (_when, conditions, end) => {
  expect(howItEnded(conditions)).toBe(end);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planRotation, type RotationInput, type RotationState } from './plan-rotation.ts';

const DAY = 24 * 3_600_000;
const MINUTE = 60_000;
const NOW = 1_000 * DAY;
const policy = { lifetimeMs: 90 * DAY, renewBeforeMs: 30 * DAY, settleMs: 5 * MINUTE };
const names = ['sailwright-webhook.sailwright-system.svc'];
const until = (ms: number): { notBefore: number; notAfter: number; names: string[] } => ({
  notBefore: NOW - DAY,
  notAfter: NOW + ms,
  names,
});
const input = (state: RotationState, more: Partial<RotationInput> = {}): RotationInput => ({
  state,
  now: NOW,
  wantedNames: names,
  isBundleWritten: true,
  policy,
  ...more,
});

describe('planRotation', () => {
  const prepared = (ago: number): NonNullable<RotationState['next']> => ({ ...until(90 * DAY), preparedAt: NOW - ago });
  const rows: [title: string, given: RotationInput, action: string][] = [
    ['makes a certificate where there is none', input({}), 'issue'],
    ['makes a new one when the old has ended', input({ current: until(0) }), 'issue'],
    ['leaves a fresh one alone', input({ current: until(31 * DAY) }), 'wait'],
    ['prepares the next 30 days before the end', input({ current: until(30 * DAY) }), 'prepare'],
    [
      'prepares another when a name is missing',
      input({ current: until(80 * DAY) }, { wantedNames: ['127.0.0.1'] }),
      'prepare',
    ],
    ['serves on while the next one is young', input({ current: until(29 * DAY), next: prepared(4 * MINUTE) }), 'wait'],
    [
      'serves with the next once it settled',
      input({ current: until(29 * DAY), next: prepared(5 * MINUTE) }),
      'promote',
    ],
    [
      'serves on while somebody does not trust the next',
      input({ current: until(29 * DAY), next: prepared(DAY) }, { isBundleWritten: false }),
      'wait',
    ],
    [
      'serves with the next, trusted or not, before the old one ends',
      input({ current: until(5 * MINUTE), next: prepared(0) }, { isBundleWritten: false }),
      'promote',
    ],
    ['uses the next when the current is broken', input({ next: prepared(0) }), 'promote'],
    [
      'makes anew when both have ended',
      input({ current: until(-DAY), next: { ...until(-1), preparedAt: 0 } }),
      'issue',
    ],
    [
      'trusts the former CA while others may serve with it',
      input({ current: until(80 * DAY), retiring: { since: NOW - MINUTE } }),
      'wait',
    ],
    [
      'forgets the former CA after that',
      input({ current: until(80 * DAY), retiring: { since: NOW - 5 * MINUTE } }),
      'retire',
    ],
  ];
  it.each(rows)('%s', (_title, given, action) => {
    expect(planRotation(given).action).toBe(action);
  });

  it('never waits for a time that has passed', () => {
    const facts = fc.record({ at: fc.integer({ min: -100, max: 100 }), prepared: fc.integer({ min: -100, max: 0 }) });
    const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
    fc.assert(
      fc.property(optional(facts), optional(facts), optional(facts), fc.boolean(), (a, b, c, isBundleWritten) => {
        const state: RotationState = {
          ...(a ? { current: until(a.at * DAY) } : {}),
          ...(b ? { next: { ...until(b.at * DAY), preparedAt: NOW + b.prepared * MINUTE } } : {}),
          ...(c ? { retiring: { since: NOW + c.prepared * MINUTE } } : {}),
        };
        const step = planRotation(input(state, { isBundleWritten }));
        if (step.action === 'wait') expect(step.until).toBeGreaterThan(NOW);
      }),
    );
  });
});

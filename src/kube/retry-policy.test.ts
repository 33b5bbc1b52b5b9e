import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLIENT_REASONS } from './errors.ts';
import { decideRetry, decideTimeout, type FailedAttempt } from './retry-policy.ts';

const answered = (status: number, retryAfterMs?: number): FailedAttempt['error'] => ({
  status,
  reason: 'x',
  retryAfterMs,
});
const unanswered = (reason: string): FailedAttempt['error'] => ({ status: 0, reason, retryAfterMs: undefined });

describe('decideRetry', () => {
  it.each([
    { what: '429', error: answered(429), safe: true, unsafe: true },
    { what: '500', error: answered(500), safe: true, unsafe: false },
    { what: '502', error: answered(502), safe: true, unsafe: false },
    { what: '503', error: answered(503), safe: true, unsafe: false },
    { what: '503 with Retry-After', error: answered(503, 1_000), safe: true, unsafe: false },
    { what: '504', error: answered(504), safe: true, unsafe: false },
    { what: 'a broken connection', error: unanswered(CLIENT_REASONS.connectionFailed), safe: true, unsafe: false },
    { what: 'no answer in time', error: unanswered(CLIENT_REASONS.timeout), safe: true, unsafe: false },
    { what: '400', error: answered(400), safe: false, unsafe: false },
    { what: '403', error: answered(403), safe: false, unsafe: false },
    { what: '404', error: answered(404), safe: false, unsafe: false },
    { what: '409', error: answered(409), safe: false, unsafe: false },
    { what: '422', error: answered(422), safe: false, unsafe: false },
    { what: '501', error: answered(501), safe: false, unsafe: false },
    { what: 'a caller that gave up', error: unanswered(CLIENT_REASONS.aborted), safe: false, unsafe: false },
    { what: 'an answer that is too large', error: unanswered(CLIENT_REASONS.tooLarge), safe: false, unsafe: false },
  ])('after $what: sent again where that is safe: $safe, else: $unsafe', ({ error, safe, unsafe }) => {
    const isRepeated = (isSafe: boolean): boolean =>
      decideRetry({ isSafe, error, attempt: 1, elapsedMs: 0, patienceMs: 15_000 }, 0.5) !== undefined;
    expect([isRepeated(true), isRepeated(false)]).toEqual([safe, unsafe]);
  });

  it('waits at least as long as asked, and not all for the same time', () => {
    const wait = (random: number): number =>
      decideRetry(
        { isSafe: true, error: answered(429, 20_000), attempt: 1, elapsedMs: 0, patienceMs: 15_000 },
        random,
      ) ?? 0;
    expect(wait(0)).toBe(20_000);
    expect(wait(0.9)).toBeGreaterThan(wait(0.1));
  });

  it.each([
    { what: 'a first attempt that was cut short', attempt: 1, patienceMs: 3_000, isRepeated: true },
    { what: 'one that had its whole time', attempt: 2, patienceMs: 3_000, isRepeated: false },
    { what: 'whoever tries nothing twice', attempt: 1, patienceMs: 0, isRepeated: false },
  ])('without an answer in time after $what: sent again: $isRepeated', ({ attempt, patienceMs, isRepeated }) => {
    const error = unanswered(CLIENT_REASONS.timeout);
    const waitMs = decideRetry({ isSafe: true, error, attempt, elapsedMs: 5_000, patienceMs }, 0.5);
    expect(waitMs !== undefined).toBe(isRepeated);
  });

  it('ends: after the patience of the caller, after a minute when it was asked to come back', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(undefined, 1_000, 32_000, 3_600_000),
        fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 200, maxLength: 200 }),
        (retryAfterMs, randoms) => {
          let elapsedMs = 0;
          let attempt = 1;
          for (const random of randoms) {
            const waitMs = decideRetry(
              { isSafe: true, error: answered(503, retryAfterMs), attempt, elapsedMs, patienceMs: 15_000 },
              random,
            );
            if (waitMs === undefined) break;
            elapsedMs += waitMs;
            attempt += 1;
          }
          const limitMs = retryAfterMs === undefined ? 15_000 : 60_000;
          expect(attempt).toBeLessThan(200);
          expect(elapsedMs).toBeLessThanOrEqual(limitMs);
          // Nobody gives up early: one wait more would not have fitted.
          expect(elapsedMs + Math.max(3_000, (retryAfterMs ?? 0) + 500)).toBeGreaterThan(limitMs);
        },
      ),
    );
  });
});

describe('decideTimeout', () => {
  it.each([
    { what: 'a first try', isSafe: true, attempt: 1, limitMs: 30_000, timeoutMs: 5_000 },
    { what: 'a caller in a hurry', isSafe: true, attempt: 1, limitMs: 4_000, timeoutMs: 4_000 },
    { what: 'a second try', isSafe: true, attempt: 2, limitMs: 30_000, timeoutMs: 30_000 },
    { what: 'an unsafe write', isSafe: false, attempt: 1, limitMs: 30_000, timeoutMs: 30_000 },
  ])('gives $what $timeoutMs ms of $limitMs', ({ isSafe, attempt, limitMs, timeoutMs }) => {
    expect(decideTimeout(isSafe, attempt, limitMs)).toBe(timeoutMs);
  });
});

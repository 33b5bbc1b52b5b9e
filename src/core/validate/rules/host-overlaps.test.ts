import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostMatches } from './host-match.ts';
import { findHostOverlaps } from './host-overlaps.ts';

const host = fc
  .tuple(
    fc.constantFrom('', '*', '*.', '*-'),
    fc.array(fc.constantFrom('a', 'b', 'aa'), { minLength: 1, maxLength: 3 }),
  )
  .map(([star, labels]) => star + labels.join('.'));
const anyHost = fc.oneof({ weight: 9, arbitrary: host }, { weight: 1, arbitrary: fc.constant('*') });

describe('findHostOverlaps', () => {
  it('finds an overlap wherever two hosts match, and only there', () => {
    fc.assert(
      fc.property(fc.array(anyHost), (hosts) => {
        const found = findHostOverlaps(hosts);
        const expected = hosts.some((a, i) => hosts.some((b, j) => i < j && hostMatches(a, b)));
        expect(found.length > 0).toBe(expected);
        for (const { first, second } of found) {
          expect(first).toBeLessThan(second);
          expect(hostMatches(hosts[first] ?? '', hosts[second] ?? '')).toBe(true);
        }
      }),
    );
  });

  it('tells each host once', () => {
    const nested = Array.from({ length: 300 }, (_, i) => `*${'a'.repeat(i + 1)}`);
    expect(findHostOverlaps(nested)).toHaveLength(299);
  });
});

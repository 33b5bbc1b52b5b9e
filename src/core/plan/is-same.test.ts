import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson } from '../canonical-json.ts';
import { isSame } from './desired.ts';

/** Few values and names, so that two of them often say the same. */
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.constantFrom(null, undefined, 0, -0, 1, '', '1', '{}', true, NaN),
    fc.array(tie('value'), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), tie('value'), { maxKeys: 2 }),
  ),
}));

it('takes for the same what is the same as canonical JSON', () => {
  fc.assert(
    fc.property(value, value, (a, b) => {
      expect(isSame(a, b)).toBe(canonicalJson(a) === canonicalJson(b));
      expect(isSame({ a, b }, { b, a })).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { computePatch } from '../compute-patch.ts';
import { operationText } from '../patch-text.ts';
import { mapPatch } from './map-patch.ts';

/** Names of every object's own parts are keys of labels like any other. */
const key = fc.oneof(fc.constantFrom('constructor', 'toString', 'a/b', 'a~b', 'ü"'), fc.string({ maxLength: 3 }));
const map = fc.dictionary(key, fc.constantFrom('', 'x', 'y'));

test('is the patch of any map of texts', () => {
  const sorted = (texts: readonly string[]): string[] => [...texts].sort();
  fc.assert(
    fc.property(map, map, (before, after) => {
      const expected = computePatch(before, after, '/m').map(operationText);
      expect(sorted(mapPatch('/m', before, after))).toEqual(sorted(expected));
    }),
    { numRuns: 1_000 },
  );
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { Json, JsonObject } from '../kube-object.ts';
import { toYamlText } from './yaml-text.ts';

const OPTIONS = {
  version: '1.1',
  sortMapEntries: true,
  lineWidth: 0,
  indentSeq: false,
  aliasDuplicateObjects: false,
} as const;
const byLibrary = (value: object): string => stringify(value, OPTIONS).trimEnd();

const usual = fc.oneof(
  fc.constantFrom(
    'istiod.istio-system.svc:15012',
    'cluster.local',
    'prometheus',
    'on',
    'NULL',
    '10s',
    '',
    'a: b',
    'x:',
  ),
  fc.constantFrom(
    'spec:\n  a: 1\n',
    'a\n\nb',
    ' a\n',
    'a\n\n',
    'a \nb',
    '# a\n---\nb',
    '\n',
    'a\n ',
    '- a\n',
    '\na\nb',
    '\n\na\n',
    '\n a\n',
    '\n\n',
  ),
  fc.constantFrom('/dev/stdout', '/', './a', 'a:b:1'),
  fc.stringMatching(/^[\w :./\n#-]{0,12}$/),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const leaf = fc.oneof(usual, fc.boolean(), fc.constant(null), fc.integer(), fc.double({ noNaN: true }));
const tree = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, leaf, tie('map'), fc.array(tie('value'), { maxLength: 3 })),
  map: fc.dictionary(usual, fc.oneof(tie('value'), fc.constant(undefined)), { maxKeys: 4, noNullPrototype: true }),
}));

it('writes what the library writes, of usual and of all other values', () => {
  fc.assert(
    fc.property(fc.oneof(tree.map, fc.array(tree.value, { maxLength: 3 })), (value) => {
      expect(toYamlText(value as JsonObject | Json[])).toBe(byLibrary(value as object));
    }),
    { numRuns: 4_000 },
  );
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileCelRule } from '../../../../test/builders/cel-rule.ts';
import { readIstioDefinitions } from '../../istio-definitions.generated.ts';
import { isJsonObject, type Json } from '../../kube-object.ts';
import { schemaOfField } from './prune.ts';
import { predicateOf } from './rule-predicates.ts';
import type { StructuralSchema } from './structural-schema.ts';

/** Every rule with the schema of a field that has it. */
const RULES = new Map<string, StructuralSchema>();
for (const { schema } of Object.values(readIstioDefinitions())) {
  JSON.parse(schema, (_key, value: StructuralSchema) => {
    for (const { rule } of value?.['x-kubernetes-validations'] ?? []) RULES.set(rule, value);
    return value;
  });
}

/** Texts on both sides of what rules ask for. */
const TEXTS = fc.oneof(
  fc.constantFrom('', '*', 'a*', '/', 'a', 'A-b', '-a', 'a-', 'x'.repeat(62), 'x'.repeat(63), 'NONE', 'STATIC', 'HOST'),
  fc.constantFrom(
    '1s',
    '1ms',
    '0.5ms',
    '999us',
    '-1s',
    '1',
    'h',
    '1h1m',
    '10.0.0.0/8',
    '10.0.0.1',
    'HTTP',
    'http',
    'WAYPOINT',
  ),
  fc.constantFrom(
    'unix://',
    'unix:///',
    'unix:///a',
    'unix://@a',
    'unix://a',
    'unix:///a/',
    'unix:/a',
    'UPSERT',
    'REMOVE',
  ),
  fc.constantFrom(
    'http://a',
    'https://a/b',
    'ftp://a',
    'oci://a/b:c',
    'file:///a',
    'ghcr.io/a/b:c',
    'a b',
    '://',
    '%zz',
  ),
  fc.constantFrom(
    '0',
    '1',
    '65535',
    '65536',
    '+5',
    '-5',
    '007',
    ' 5',
    '5 ',
    '5.0',
    '1e3',
    '0x10',
    'a5',
    'DNS_ROUND_ROBIN',
    'SIDECAR_INBOUND',
  ),
  fc.string({ maxLength: 8 }),
);

/** What may stand in a field, and what may not; the words of the rule itself are among its keys. */
function valuesOf(schema: StructuralSchema, words: readonly string[], depth = 0): fc.Arbitrary<Json> {
  const inside = (part: StructuralSchema = {}): fc.Arbitrary<Json> => valuesOf(part, words, depth + 1);
  switch (schema.type) {
    case 'string':
      return schema.enum ? fc.constantFrom(...(schema.enum as string[])) : TEXTS;
    case 'boolean':
      return fc.boolean();
    case 'number':
    case 'integer':
      return fc.integer({ min: -1, max: 65_537 });
    case 'array':
      return fc.array(inside(schema.items), { maxLength: 3 });
    default:
      return depth > 2 ? fc.constant({}) : mapsOf(schema, words, inside);
  }
}

function mapsOf(
  { properties, additionalProperties }: StructuralSchema,
  words: readonly string[],
  inside: (part?: StructuralSchema) => fc.Arbitrary<Json>,
): fc.Arbitrary<Json> {
  if (!properties) return fc.dictionary(TEXTS, inside(additionalProperties), { maxKeys: 3 });
  // A field that no rule names is as good as none.
  const named = Object.entries(properties).filter(([name]) => words.includes(name));
  return fc.record(Object.fromEntries(named.map(([name, field]) => [name, inside(field)])), { requiredKeys: [] });
}

type CelValue = Parameters<ReturnType<typeof compileCelRule>>[0];

/** Values as CEL sees them: integers as bigint, objects as maps. */
function celValueOf(value: Json, schema: StructuralSchema | undefined): CelValue {
  if (typeof value === 'number') return schema?.type === 'integer' ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map((item) => celValueOf(item, schema?.items));
  if (!isJsonObject(value)) return value;
  return new Map(
    Object.entries(value).map(([key, each]) => [key, celValueOf(each ?? null, schema && schemaOfField(schema, key))]),
  );
}

/** The library reads more in a text as a number than the API server does, which goes by Go. */
function isReadOtherwise(rule: string, value: Json): boolean {
  return (
    rule.includes('int(key)') &&
    Object.keys(value as object).some((key) => Number.isFinite(+key) && !/^[+-]?\d+$/.test(key))
  );
}

it.each([...RULES])('says what CEL says: %s', (rule, schema) => {
  const inCel = compileCelRule(rule);
  const verdicts = new Set<boolean>();
  fc.assert(
    fc.property(valuesOf(schema, rule.match(/\w+/g) ?? []), (value) => {
      fc.pre(!isReadOtherwise(rule, value));
      const verdict = predicateOf(rule)(value);
      verdicts.add(verdict);
      expect(verdict).toBe(inCel(celValueOf(value, schema)));
    }),
    { numRuns: 500 },
  );
  expect([...verdicts].sort()).toEqual([false, true]);
});

it.each([' 5', '5 ', '0x10', '', '5.0', '1e3', '0', '65536', 'a'])('%j is no port in a key', (key) => {
  expect(predicateOf('self.all(key, 0 < int(key) && int(key) <= 65535)')({ [key]: {} })).toBe(false);
});

it('a rule that there is not is a fault of ours', () => {
  expect(() => predicateOf('self == 1')).toThrow('a rule without a predicate: self == 1');
});

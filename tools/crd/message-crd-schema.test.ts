import { expect, it } from 'vitest';
import type { z } from 'zod';
import {
  bool,
  bytes,
  double,
  duration,
  enumeration,
  field,
  int32,
  int64,
  limited,
  list,
  map,
  message,
  string,
  struct,
  uint32,
  uint64,
  wrapped,
} from '../../src/api/proto/message-schema.ts';
import { computeMessageSchema } from './message-crd-schema.ts';
import type { SchemaNode } from './structural-schema.ts';

const RULE = { rule: 'self != "*"', message: 'must not be *' };
const ONE_MS = { rule: "duration(self) >= duration('1ms')", message: expect.stringContaining('1ms') as string };

it.each<[string, z.ZodType, SchemaNode]>([
  ['string', string, { type: 'string' }],
  ['bool', bool, { type: 'boolean' }],
  ['int32', int32, { type: 'integer', format: 'int32' }],
  ['uint32', uint32, { type: 'integer', minimum: 0, maximum: 4294967295 }],
  ['uint64', uint64, { type: 'integer', minimum: 0 }],
  ['double', double, { type: 'number', format: 'double' }],
  ['bytes', bytes, { type: 'string', format: 'byte' }],
  ['an enum', enumeration(['A', 'B']), { type: 'string', enum: ['A', 'B'] }],
  ['a duration', duration, { type: 'string', 'x-kubernetes-validations': [ONE_MS] }],
  ['a duration of any length', limited(duration, { anyLength: true }), { type: 'string' }],
  ['a struct', struct, { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }],
  ['a wrapper', wrapped(bool), { type: 'boolean', nullable: true }],
  ['a wrapper of 64 bits', wrapped(uint64), { type: 'integer', minimum: 0, maximum: 4294967295, nullable: true }],
  ['limits', limited(uint32, { minimum: 1, maximum: 9 }), { type: 'integer', minimum: 1, maximum: 9 }],
  ['a description', field(string, 'Some words.'), { type: 'string', description: 'Some words.' }],
  [
    'an integer or text',
    limited(int64, { intOrString: true }),
    { anyOf: [{ type: 'integer' }, { type: 'string' }], 'x-kubernetes-int-or-string': true },
  ],
  [
    'a list with keys',
    limited(list(limited(string, { rules: [RULE] })), { maxItems: 2, listMapKeys: ['name'] }),
    {
      type: 'array',
      maxItems: 2,
      items: { type: 'string', 'x-kubernetes-validations': [RULE] },
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
    },
  ],
  ['a map', map(bool), { type: 'object', additionalProperties: { type: 'boolean' } }],
  [
    'a message',
    message('M', () => ({ a: string, b: limited(bool, { alsoNamed: 'b_old' }) }), { required: ['a'], rules: [RULE] }),
    {
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: 'boolean' }, b_old: { type: 'boolean' } },
      required: ['a'],
      'x-kubernetes-validations': [RULE],
    },
  ],
  [
    'a oneof',
    message('M', () => ({ a: string }), { oneOfs: [['a']] }),
    {
      type: 'object',
      properties: { a: { type: 'string' } },
      oneOf: [{ not: { anyOf: [{ required: ['a'] }] } }, { required: ['a'] }],
    },
  ],
])('%s', (_title, schema, node) => {
  expect(computeMessageSchema(schema)).toEqual(node);
});

it('joins several oneofs, because a node has one oneOf only', () => {
  const node = computeMessageSchema(message('M', () => ({ a: string, b: string }), { oneOfs: [['a'], ['b']] }));
  expect(node.oneOf).toBeUndefined();
  expect(node.allOf).toHaveLength(2);
});

it('leaves out a rule of the message where a field says so', () => {
  const inner = message('Inner', () => ({ a: string }), { rules: [RULE] });
  const outer = message('Outer', () => ({ held: inner, free: limited(inner, { withoutRules: [RULE] }) }));
  const { held, free } = computeMessageSchema(outer).properties ?? {};
  expect(held?.['x-kubernetes-validations']).toEqual([RULE]);
  expect(free?.['x-kubernetes-validations']).toBeUndefined();
});

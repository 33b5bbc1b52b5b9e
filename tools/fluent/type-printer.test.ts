import { expect, it } from 'vitest';
import { z } from 'zod';
import { choice, kubeObject, protoEnum, quantity, textMap } from '../../src/api/field-types.ts';
import {
  bool,
  bytes,
  double,
  duration,
  enumeration,
  field,
  int64,
  limited,
  list,
  map,
  message,
  string,
  struct,
  timestamp,
  uint32,
  wrapped,
} from '../../src/api/proto/message-schema.ts';
import { TypePrinter } from './type-printer.ts';

const inner = message('Inner', () => ({ a: string }));

function lines(schema: z.ZodType): string[] {
  return new TypePrinter({ T: schema }).print().trimEnd().split('\n');
}

it.each<[string, z.ZodType, string]>([
  ['text', string, 'string'],
  ['a number', double, 'number'],
  ['64 bits', int64, 'number'],
  ['64 bits that may be text', limited(int64, { intOrString: true }), 'number | string'],
  ['bytes', bytes, 'string'],
  ['a duration, which is decoded to seconds', duration, 'string'],
  ['a time', timestamp, 'string'],
  ['anything by name', struct, 'Record<string, unknown>'],
  ['a wrapper', wrapped(bool), 'boolean | null'],
  ['an enum', enumeration({ OFF: 0, ON: 7 }), "'OFF' | 'ON'"],
  ['a list', list(uint32), 'number[]'],
  ['a list of choices', list(enumeration(['A', 'B'])), "('A' | 'B')[]"],
  ['a map', map(list(string)), 'Record<string, string[]>'],
  ['an object', inner, 'Inner'],
  ['an object without fields', message('None', () => ({})), 'Record<string, never>'],
  ['a choice, of which the empty word is none', choice('a', 'b'), "'a' | 'b'"],
  ['an enum that may be a number', protoEnum('A', 'B'), "'A' | 'B' | number"],
  ['a quantity', quantity, 'number | string'],
  ['a map of text', textMap, 'Record<string, string>'],
  ['anything', z.unknown(), 'unknown'],
])('%s', (_title, schema, type) => {
  expect(lines(message('M', () => ({ x: schema })))).toContain(`  x?: ${type};`);
});

it('tells what must be there, what it means, and what is no longer to be used', () => {
  const schema = message(
    'M',
    () => ({
      a: field(string, 'First.'),
      b: field(string, 'Use a.', { alsoNamed: 'b_old' }, { deprecated: true }),
      'c-d': string,
    }),
    { required: ['a'], oneOfs: [['a', 'b']] },
  );
  expect(lines(schema)).toEqual([
    '/** Set only one of a, b. */',
    'export interface T {',
    '  /** First. */',
    '  a: string;',
    '  /** @deprecated Use a. */',
    '  b?: string;',
    '  /** @deprecated Write b. */',
    '  b_old?: string;',
    "  'c-d'?: string;",
    '}',
  ]);
});

it('prints an object once, and calls another of the same name after what holds it', () => {
  const other = kubeObject('Inner', () => ({ b: z.boolean() }));
  const holder = kubeObject('Holder', () => ({ x: other }));
  const text = new TypePrinter({ T: kubeObject('T', () => ({ x: inner, y: inner, z: holder })) }).print();
  expect(text.match(/interface \w+/g)).toEqual([
    'interface Holder',
    'interface HolderInner',
    'interface Inner',
    'interface T',
  ]);
  expect(text).toContain('x?: HolderInner;');
});

it('calls objects without a name after what holds them and the field', () => {
  const text = new TypePrinter({ T: z.object({ rules: z.array(z.object({ a: z.string().optional() })) }) }).print();
  expect(text).toContain('  rules: TRule[];');
  expect(text).toContain('interface TRule {\n  a?: string;\n}');
});

it('leaves a kind that is part of another its name', () => {
  const part = message('Part', () => ({ a: string }));
  const text = new TypePrinter({ WholeSpec: message('Whole', () => ({ part })), PartSpec: part }).print();
  expect(text).toContain('  part?: PartSpec;');
});

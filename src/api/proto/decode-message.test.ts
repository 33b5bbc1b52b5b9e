import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeMessage } from './decode-message.ts';
import {
  bool,
  bytes,
  double,
  duration,
  enumeration,
  field,
  int32,
  int64,
  list,
  map,
  mapByUint32,
  message,
  string,
  struct,
  uint32,
  uint64,
  wrapped,
  type MessageSchema,
} from './message-schema.ts';

const mode = enumeration(['UNSET', 'FAST', 'SLOW']);
const inner = message('Inner', () => ({ name: string, mode }));
const sample = message(
  'Sample',
  () => ({
    text: string,
    onOff: bool,
    count: int32,
    size: uint32,
    big: int64,
    huge: uint64,
    ratio: double,
    raw: bytes,
    mode,
    wait: duration,
    free: struct,
    maybe: wrapped(uint32),
    child: inner,
    names: list(string),
    counts: list(int32),
    modes: list(mode),
    children: list(inner),
    labels: map(string),
    byName: map(inner),
    byPort: mapByUint32(inner),
    targetRefs: field(list(string), 'Keeps its name.', {}, { protoName: 'targetRefs' }),
    exact: string,
    prefix: string,
    regex: string,
    left: inner,
    right: inner,
  }),
  {
    oneOfs: [
      ['exact', 'prefix', 'regex'],
      ['left', 'right'],
    ],
  },
);

function decoded(json: unknown): unknown {
  const result = decodeMessage(sample, json, 'spec');
  return result.ok ? result.value : result.problems;
}

it.each<[string, unknown, unknown]>([
  ['nothing', null, {}],
  ['no value', undefined, {}],
  ['an empty message', {}, {}],
  ['null as absent', { text: null, child: null, names: null, labels: null, maybe: null }, {}],
  ['zero values as they are', { text: '', onOff: false, count: 0 }, { text: '', onOff: false, count: 0 }],
  ['names with underscores', { on_off: true, by_port: {} }, { onOff: true, byPort: {} }],
  ['the JSON name before the other', { onOff: true, on_off: 'x' }, { onOff: true }],
  ['the JSON name before the other, also when it is null', { onOff: null, on_off: true }, {}],
  ['an empty list as absent', { names: [], children: [] }, {}],
  ['an empty map as it is', { labels: {}, byPort: {} }, { labels: {}, byPort: {} }],
  [
    'null in lists',
    { names: [null], counts: [null], modes: [null], children: [null] },
    { names: [''], counts: [0], modes: ['UNSET'], children: [{}] },
  ],
  ['null in maps', { labels: { a: null }, byName: { a: null } }, { labels: { a: '' }, byName: { a: {} } }],
  ['numbers in quotes', { count: '-50', size: ' 7 ', ratio: '1.5' }, { count: -50, size: 7, ratio: 1.5 }],
  ['a quoted null as zero', { count: 'null', ratio: 'null' }, { count: 0, ratio: 0 }],
  [
    'integers of 64 bits',
    { big: '-9223372036854775808', huge: '18446744073709551615' },
    { big: -(2n ** 63n), huge: 2n ** 64n - 1n },
  ],
  ['safe integers of 64 bits as numbers', { big: '42', huge: 42 }, { big: 42, huge: 42 }],
  ['numbers that are none', { ratio: 'NaN' }, { ratio: NaN }],
  ['infinite numbers', { ratio: '-Infinity' }, { ratio: -Infinity }],
  ['bytes', { raw: 'aGk=' }, { raw: 'aGk=' }],
  ['bytes as a list', { raw: [104, 105] }, { raw: 'aGk=' }],
  ['an enum by name', { mode: 'FAST' }, { mode: 'FAST' }],
  ['an enum by number', { mode: 2 }, { mode: 'SLOW' }],
  ['an unknown number of an enum', { mode: 99 }, { mode: 99 }],
  ['a duration', { wait: '1.5s' }, { wait: { seconds: 1, nanos: 500_000_000 } }],
  ['any object', { free: { a: [null, 1, { b: {} }] } }, { free: { a: [null, 1, { b: {} }] } }],
  ['a wrapper as its scalar', { maybe: 0 }, { maybe: 0 }],
  [
    'keys that are numbers',
    { byPort: { '80': {}, '"81"': {}, ' 82': {} } },
    { byPort: { '80': {}, '81': {}, '82': {} } },
  ],
  ['of a oneof the last arm of the descriptor', { regex: 'r', exact: 'e', prefix: 'p' }, { regex: 'r' }],
  ['of a oneof the last arm that is not null', { regex: null, prefix: 'p', exact: 'e' }, { prefix: 'p' }],
  ['each oneof for itself', { exact: 'e', left: {}, right: {} }, { exact: 'e', right: {} }],
])('reads %s', (_title, json, value) => {
  expect(decoded(json)).toEqual(value);
});

it.each<[string, unknown, string]>([
  ['text in place of a message', 'x', 'spec'],
  ['a list in place of a message', [], 'spec'],
  ['a number as text', { text: 1 }, 'spec.text'],
  ['text as a boolean', { onOff: 'true' }, 'spec.onOff'],
  ['a fraction as an integer', { count: 50.5 }, 'spec.count'],
  ['a fraction in quotes', { count: '50.0' }, 'spec.count'],
  ['an exponent in quotes', { count: '5e1' }, 'spec.count'],
  ['a leading zero', { count: '050' }, 'spec.count'],
  ['too large an integer', { count: 2147483648 }, 'spec.count'],
  ['a negative unsigned integer', { size: -1 }, 'spec.size'],
  ['too large an integer of 64 bits', { big: '9223372036854775808' }, 'spec.big'],
  ['no number', { ratio: 'x' }, 'spec.ratio'],
  ['hexadecimal', { count: '0x10' }, 'spec.count'],
  ['an empty text as a number', { count: '' }, 'spec.count'],
  ['base64 without padding', { raw: 'aGk' }, 'spec.raw'],
  ['base64 of the other alphabet', { raw: '_-8=' }, 'spec.raw'],
  ['an enum in the wrong case', { mode: 'fast' }, 'spec.mode'],
  ['an enum as a fraction', { mode: 1.5 }, 'spec.mode'],
  ['a duration without a unit', { wait: '10' }, 'spec.wait'],
  ['a duration as a number', { wait: 10 }, 'spec.wait'],
  ['a list as any object', { free: [] }, 'spec.free'],
  ['a single value as a list', { names: 'a' }, 'spec.names'],
  ['a message as a list', { children: {} }, 'spec.children'],
  ['a wrong entry of a list', { children: [{}, { name: 1 }] }, 'spec.children[1].name'],
  ['a wrong entry of a map', { byName: { 'a.b': { name: 1 } } }, 'spec.byName["a.b"].name'],
  ['a key that is no number', { byPort: { http: {} } }, 'spec.byPort.http'],
  ['a key that is too large', { byPort: { '4294967296': {} } }, 'spec.byPort.4294967296'],
  ['a wrong arm of a oneof that loses', { exact: 1, regex: 'r' }, 'spec.exact'],
])('refuses %s', (_title, json, path) => {
  const result = decodeMessage(sample, json, 'spec');
  expect(result.ok).toBe(false);
  expect(!result.ok && result.problems.map((problem) => problem.path)).toEqual([path]);
});

it('lists everything that is wrong, in the spelling of the writer', () => {
  const result = decodeMessage(sample, { on_off: 1, children: [1, { mode: 'FSAT' }] }, 'spec');
  expect(!result.ok && result.problems).toEqual([
    { path: 'spec.on_off', code: 'DecodingFailed', message: 'must be true or false, got number 1' },
    { path: 'spec.children[0]', code: 'DecodingFailed', message: 'must be an object, got number 1' },
    {
      path: 'spec.children[1].mode',
      code: 'DecodingFailed',
      message: 'must be one of UNSET, FAST, SLOW, got "FSAT"',
      hint: 'did you mean "FAST"?',
    },
  ]);
});

it('warns of unknown fields with the nearest known one, and leaves them out', () => {
  const result = decodeMessage(sample, { child: { nmae: 'x' }, Text: 'y', target_refs: [], quite: 1 }, 'spec');
  expect(result).toMatchObject({ ok: true, value: { child: {} } });
  expect(result.warnings).toEqual([
    {
      path: 'spec.child.nmae',
      code: 'UnknownField',
      message: 'unknown field: Istio ignores it',
      hint: 'did you mean "name"?',
    },
    {
      path: 'spec.Text',
      code: 'UnknownField',
      message: 'unknown field: Istio ignores it',
      hint: 'did you mean "text"?',
    },
    {
      path: 'spec.target_refs',
      code: 'UnknownField',
      message: 'unknown field: Istio ignores it',
      hint: 'did you mean "targetRefs"?',
    },
    { path: 'spec.quite', code: 'UnknownField', message: 'unknown field: Istio ignores it' },
  ]);
});

it('tells of as much as anybody reads, and refuses however much else there is', () => {
  const unknown = Array.from({ length: 10_000 }, (_, i) => [`unknown${i}`, 1] as const);
  const result = decodeMessage(sample, { ...Object.fromEntries(unknown), children: Array(10_000).fill(1) }, 'spec');
  expect(result.ok).toBe(false);
  expect(result.warnings).toHaveLength(500);
  expect(!result.ok && result.problems).toHaveLength(500);
});

it('is not misled by names that JavaScript objects have', () => {
  const json: unknown = JSON.parse('{"labels":{"__proto__":"a","constructor":"b"},"__proto__":{},"toString":1}');
  const result = decodeMessage(sample, json, 'spec');
  expect(result.warnings.map((warning) => warning.path)).toEqual(['spec.__proto__', 'spec.toString']);
  const labels = result.ok ? result.value.labels : undefined;
  expect(Object.entries(labels ?? {})).toEqual([
    ['__proto__', 'a'],
    ['constructor', 'b'],
  ]);
});

it('reads messages that contain themselves', () => {
  interface Tree {
    name?: string;
    next?: Tree;
  }
  const tree: MessageSchema = message('Tree', () => ({ name: string, next: tree }));
  const result = decodeMessage(tree, { name: 'a', next: { name: 'b', next: {} } }, 'spec');
  expect(result.ok && (result.value as Tree)).toEqual({ name: 'a', next: { name: 'b', next: {} } });
});

it('gives back what it was given once that is in canonical form', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (json) => {
      const first = decodeMessage(sample, { free: { json }, names: [JSON.stringify(json)] }, 'spec');
      expect(first.ok && decodeMessage(sample, first.value, 'spec')).toEqual(first);
    }),
  );
});

it('never throws, whatever it is given', () => {
  const keys = fc.constantFrom('text', 'count', 'mode', 'wait', 'child', 'children', 'labels', 'byPort', 'raw', 'free');
  fc.assert(
    fc.property(fc.dictionary(keys, fc.jsonValue()), (json) => {
      const result = decodeMessage(sample, json, 'spec');
      expect(result.ok || result.problems.length > 0).toBe(true);
    }),
  );
});

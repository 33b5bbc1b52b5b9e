import { describe, expect, it } from 'vitest';
import { readPlainYaml } from './plain-yaml.ts';
import { parseYamlObjects } from './yaml-input.ts';

it.each<[string, unknown]>([
  ['.', '.'],
  ['+.', '+.'],
  ['.5', 0.5],
  ['5.', 5],
  ['1_0.5', 10.5],
  ['yes', true],
  ['2001-01-01', '2001-01-01'],
  // As an exponent needs digits before it, names such as these stay names.
  ['e3', 'e3'],
  ['E10', 'E10'],
  ['.e3', '.e3'],
  ['1e3', 1000],
  ['.5e1', 5],
  ['1.e1', 10],
  ['1e400', '1e400'],
  ['.inf', '.inf'],
  ['-.inf', '-.inf'],
  ['.nan', '.nan'],
  ['010', 8],
  ['0o10', 8],
  ['-0O10', -8],
  ['08', 8],
  ['0X1F', 31],
  ['0B11', 3],
])('reads %s as Kubernetes does', (text, value) => {
  expect(parseYamlObjects(`a: ${text}\nb: [${text}]`, [])).toEqual([{ a: value, b: [value] }]);
});

const NOT_READ = 'not read';

/** The object of a text by each of the two readers; the fast one may leave a text to the other. */
function readBy(text: string): unknown[] {
  const problems: { message: string }[] = [];
  const objects = parseYamlObjects(text, problems as never[]);
  const plain = readPlainYaml(text);
  return [problems.length > 0 ? NOT_READ : objects[0], ...(plain ? [plain[0]?.value] : [])];
}

// The answers are those of sigs.k8s.io/yaml (YAMLToJSON) to the same texts.
describe('odd documents are read as Kubernetes reads them', () => {
  it.each<[what: string, text: string, object: unknown]>([
    [
      'words for yes and no',
      'a: [y, n, Y, yes, no, On, off, TRUE]',
      { a: [true, false, true, true, false, true, false, true] },
    ],
    ['words in odd case', 'a: [tRue, nULL, yEs]', { a: ['tRue', 'nULL', 'yEs'] }],
    ['null in four ways', 'a: [~, null, Null, NULL]\nb:', { a: [null, null, null, null], b: null }],
    ['numbers with signs', 'a: [+1, -0x10, +.5, -2E+05]', { a: [1, -16, 0.5, -200000] }],
    ['numbers with underscores', 'a: [1_000, 1__0, 0_0, 1_000.5]', { a: [1000, 10, 0, 1000.5] }],
    [
      'what is nearly a number',
      'a: [_1, 1.2.3, 0x, 0xG, 1e, "1,000", 0b12, 0.1e]',
      { a: ['_1', '1.2.3', '0x', '0xG', '1e', '1,000', '0b12', '0.1e'] },
    ],
    ['times of the day', 'a: [1:30, 12:30:45, 1:30.5]', { a: ['1:30', '12:30:45', '1:30.5'] }],
    [
      'dates',
      'a: 2001-12-14t21:59:43.10-05:00\n2001-01-01: b',
      { a: '2001-12-14t21:59:43.10-05:00', '2001-01-01': 'b' },
    ],
    ['decimals that end in 0', 'a: [1.10, 1.0]', { a: [1.1, 1] }],
    ['numbers as keys', '1: a\n1.5: b', { '1': 'a', '1.5': 'b' }],
    ['words as keys', 'true: a\nno: b', { true: 'a', false: 'b' }],
    ['a key twice', 'a: 1\na: 2', NOT_READ],
    ['a key twice in one line', 'a: {b: 1, b: 2}', NOT_READ],
    ['a key twice, once in quotes', '"a": 1\na: 2', NOT_READ],
    ['merge keys', 'b: &x {c: 1}\na: {<<: *x, d: 2}', { b: { c: 1 }, a: { c: 1, d: 2 } }],
    ['a merge key that is overridden', 'b: &x {c: 1}\na: {<<: *x, c: 2}', { b: { c: 1 }, a: { c: 2 } }],
    [
      'merge keys of several maps',
      'b: &x {c: 1}\ne: &y {c: 3}\na: {<<: [*x, *y]}',
      { b: { c: 1 }, e: { c: 3 }, a: { c: 1 } },
    ],
    ['a map that is merged in place', 'a: {<<: {c: 1}}', { a: { c: 1 } }],
    ['a merge key of no map', 'a: {<<: 1}', NOT_READ],
    ['aliases', 'a: &x 1\nb: *x', { a: 1, b: 1 }],
    ['an anchor that is set anew', 'a: &x 1\nb: &x 2\nc: *x', { a: 1, b: 2, c: 2 }],
    ['an alias of nothing', 'a: *y', NOT_READ],
    ['an alias of itself', 'a: &x [*x]', NOT_READ],
    ['a byte order mark', '\ufeffa: 1\n', { a: 1 }],
    ['ends of lines of Windows', 'a: 1\r\nb: |\r\n  x\r\n  y\r\n', { a: 1, b: 'x\ny\n' }],
    ['tabs between tokens', 'a:\tb\nc: d\t\n', { a: 'b', c: 'd' }],
    ['a tab as indentation', 'a:\n\tb: c\n', NOT_READ],
    ['a tab at the beginning', '\ta: b\n', NOT_READ],
    ['a tab within quotes', 'a: "x\ty"\n', { a: 'x\ty' }],
    ['lists at the level of their key', 'a:\n- b\n', { a: ['b'] }],
    ['a list that leaves its level', 'a:\n  - b\n - c\n', NOT_READ],
    ['a map in the line of its key', 'a: b: c\n', NOT_READ],
    ['a list in the line of its key', 'a: - b\n', NOT_READ],
    ['number signs with and without space', 'a: b #c\nd: b#c\n', { a: 'b', d: 'b#c' }],
    ['marks that begin no plain text', 'a: @b\n', NOT_READ],
    [
      'marks within plain text',
      'a: -b\nc: :d\ne: ?f\ng: http://x:80\n',
      { a: '-b', c: ':d', e: '?f', g: 'http://x:80' },
    ],
    ['colons without space', 'a: [b:c]\nd :e: f\n', { a: ['b:c'], 'd :e': 'f' }],
    ['commas at the end', 'a: [1, 2,]\nb: {c: 1,}\n', { a: [1, 2], b: { c: 1 } }],
    ['a comma alone', 'a: [,]\n', NOT_READ],
    ['keys without values', 'a: {b, c: }\n', { a: { b: null, c: null } }],
    ['JSON', '{"a":1,"b":["c"]}', { a: 1, b: ['c'] }],
    ['blocks of text', 'a: |-\n  x\n\nb: >\n  y\n  z\nc: |+\n  w\n\n', { a: 'x', b: 'y z\n', c: 'w\n\n' }],
    ['escapes', "a: \"\\x41\\u00e9\"\nb: 'it''s'\n", { a: 'Aé', b: "it's" }],
    ['text in quotes that goes on', 'a: "x\\\n  y"\nb: \'x\n\n  y\'\n', { a: 'xy', b: 'x\ny' }],
    ['text after quotes', "a: 'b'c\n", NOT_READ],
    ['tags that say the type', 'a: !!str 1\nb: !!int "5"\nc: !!null ""\n', { a: '1', b: 5, c: null }],
    ['markers of documents', '%YAML 1.1\n---\na: yes\n...\n', { a: true }],
  ])('%s', (_, text, object) => {
    for (const read of readBy(text)) expect(read).toEqual(object);
  });
});

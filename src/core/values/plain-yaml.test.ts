import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { describe, expect, it } from 'vitest';
import { readPlainYaml, type PlainDocument } from './plain-yaml.ts';
import { readDocumentValue } from './yaml-document.ts';
import { KUBERNETES_YAML } from './yaml-input.ts';

/** What the other reader makes of a text; undefined where it refuses it. */
function readPatiently(text: string): PlainDocument[] | undefined {
  let end = 0;
  const documents = [...parseAllDocuments(text, KUBERNETES_YAML)].map((document) => {
    const source = text.slice(end, document.range[2]);
    end = document.range[2];
    return { read: readDocumentValue(document), source };
  });
  if (documents.some(({ read }) => !read.ok)) return undefined;
  return documents.map(({ read, source }) => ({ value: read.ok ? (read.value ?? null) : null, source }));
}

/** Where a document holds nothing, the readers differ in whose the line ends around it are. */
function trimmed(documents: PlainDocument[] | undefined): PlainDocument[] | undefined {
  return documents?.map(({ value, source }) => ({ value, source: source.trim() }));
}

describe('a plain text is read', () => {
  it.each<[what: string, text: string]>([
    ['words of YAML 1.1', '[yes, No, ON, off, y, N, true, nUll, null, ~, ""]'],
    ['numbers', '[0x1F, 0b11, 0o17, 017, 08, 1_000, +1, -0, 1e3, 1.5, .5, 5., ., -., .inf, -.INF, .nan]'],
    ['a number of many digits', 'a: 12345678901234567890'],
    ['what only other schemas type', '[2020-01-01, 12:30, 1:30:5, 190:20:30.15, =]'],
    ['keys of other types', '{true: a, 1: b, 0x10: c, 1.50: d, no: e}'],
    ['texts of several lines', 'a: |\n  x\n   y\n\n  z\nb: >-\n  x\n  y\n\n  z\nc: |+\n  x\n\nd: x\n  y\n'],
    ['escapes', String.raw`["\x41\u0041\n\/", 'it''s']`],
    ['JSON', '{"apiVersion":"v1","items":[{"a":1,"b":null,"c":[]}]}'],
    ['lists in maps without deeper lines', 'a:\n- b: 1\n  c: 2\n- - d\n  - e\n'],
    ['comments', '# first\na: b # c\n# last\n'],
    ['nothing', ''],
    ['comments alone', '# a\n\n# b\n'],
    ['several documents', '# c\n---\na: 1\n---\n# d\n---\nb: 2\n--- # e\nc: 3\n---\n'],
    ['a key that is a property of all objects', '__proto__: {a: 1}\nconstructor: b\n'],
    ['placeholders', 'a: $(X)\nb: ${A}\n'],
  ])('%s', (_what, text) => {
    const plain = readPlainYaml(text);
    expect(plain).toBeDefined();
    expect(trimmed(plain)).toStrictEqual(trimmed(readPatiently(text)));
  });
});

describe('is left to the other reader', () => {
  it.each<[what: string, text: string]>([
    ['anchors and aliases', 'a: &a {b: 1}\nc: *a\n'],
    ['merge keys', 'a:\n  <<: {b: 1}\n'],
    ['tags', 'a: !!str 1\n'],
    ['a key twice', 'a: 1\na: 2\n'],
    ['tabs', 'a:\tb\n'],
    ['line ends of Windows', 'a: b\r\n'],
    ['a byte order mark', '\ufeffa: b\n'],
    ['a directive', '%YAML 1.2\n---\na: b\n'],
    ['the end of a document', 'a: b\n...\n'],
    ['a map beside a marker', '--- a: b\n'],
    ['an empty key', ': a\n'],
    ['null as a key', 'null: a\n'],
    ['null as a key without a value', '{~}'],
    ['null as a key between others', 'a: {b: 1, # c\n  Null # d\n  , c: 2}\n'],
    ['a map as a key', '{{ x }}'],
    ['a list as a key', '{a, [b]}'],
    ['an explicit key', '? a\n: b\n'],
    ['an empty entry of a list', '- - \n- a\n'],
    ['a quoted text of several lines', 'a: "x\n  y"\n'],
    ['a text that says how far it is indented', 'a: |2\n   b\n'],
    ['what is no YAML', 'a: b: c\n'],
    ['a hundred thousand lists in each other', '['.repeat(100_000)],
  ])('%s', (_what, text) => {
    expect(readPlainYaml(text)).toBeUndefined();
  });
});

/** What YAML is made of, and what readers stumble over. */
const PIECES = [
  ...['a', 'b', 'key', '"q"', "'s'", '"\\x41"', "'it''s'", '"un', "'un", 'a b c', 'a:b', 'http://x', '\\', 'é', '😀'],
  ...['- ', '- - ', '- a: ', 'a: ', 'b: ', 'c:', '"k": ', '1: ', 'true: ', 'null: ', ': ', ':', '? ', '__proto__: '],
  ...['0x1F', '017', '08', '1_000', '-0', '1e3', '.5', '.', '-.', '.inf', 'yes', 'No', 'y', '~', 'null', '2020-01-01'],
  ...['{', '}', '[', ']', ', ', ',', '{a: 1}', '{a:1}', '[a, b]', '{"a":1}', '[a, ]', '[]', '{}', '}, {', '], ['],
  ...['|', '|-', '>', '>-', '|2', ' # c', '#c', 'x#y', '&a ', '*a', '!t ', '<<: ', '%a', '@x', '`x', '$(X)', '{{ x }}'],
  ...[
    '\n',
    '\n',
    '\n',
    '\n  ',
    '\n  ',
    '\n    ',
    '\n- ',
    '\n  - ',
    '---',
    '---\n',
    '\n---\n',
    '...',
    '  ',
    ' ',
    '\t',
    '\r\n',
  ],
];

it('is never read otherwise than by the other reader', () => {
  let plain = 0;
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 10 }), (pieces) => {
      const text = pieces.join('');
      const read = readPlainYaml(text);
      if (!read) return;
      plain += 1;
      const values = read.map(({ value }) => value);
      const patiently = readPatiently(text)?.map(({ value }) => value);
      expect(values).toStrictEqual(patiently);
      // With the keys in the same order.
      expect(JSON.stringify(values)).toBe(JSON.stringify(patiently));
    }),
    { numRuns: 5_000 },
  );
  expect(plain).toBeGreaterThan(500);
});

import { FAILSAFE_SCHEMA, load, Type } from 'js-yaml';
import { isScalar, Schema, type ScalarTag } from 'yaml';
import { KUBERNETES_YAML } from './yaml-input.ts';

/** One document of a text. */
export interface PlainDocument {
  value: unknown;
  /** From the end of the document before to its own end, with its marker and comments. */
  source: string;
}

/**
 * What is more than values, or what readers take in different ways. Where it stands in a text or a comment it does no
 * harm, but one would have to read the document to know.
 */
const NOT_PLAIN = new RegExp(
  [
    /(?:^|[\s[{,:?-])(?:[&*!]|\?\s)|<</, // anchors, aliases, tags, merge keys
    /(?:^|[\s{[,])(?:~|[Nn]ull|NULL)?:(?:\s|$)|\{\s*[{[]|[\]}]:/, // keys that are empty or no scalars
    /^(?:%|\.\.\.)|^---(?! *$| +#)/, // directives, ends of documents, and what stands beside a marker
    /(?:^| )- *(?:#|$)/, // entries of lists that are empty, or begin in the next line
    /(?:^|[\s[{,:-])(?:"(?:[^"\\\n]|\\.)*|'[^'\n]*)$/, // quoted texts of several lines
    /["'\]}]#|[|>][-+]?\d/, // comments that touch what they follow, texts that say how far they are indented
    /[\t\r\u0085\u2028\u2029\ufeff]/, // tabs, and ends of lines and marks of other systems
  ]
    .map(({ source }) => source)
    .join('|'),
  'm',
);

/** Where a map or a list may be a key: `{a, [b]}`. */
const IN_FLOW = /,\s*[{[]/;

/** The types of plain scalars are those of the other reader, by its own tests. */
const TYPES = new Schema({ schema: KUBERNETES_YAML.schema, customTags: KUBERNETES_YAML.customTags }).tags.flatMap(
  (tag) => {
    const scalar = tag as ScalarTag;
    const { test } = scalar;
    if (!test || tag.default !== true) return [];
    return [{ test, read: (text: string): unknown => scalar.resolve(text, ignore, {}) }];
  },
);

const SCHEMA = FAILSAFE_SCHEMA.extend({
  implicit: [
    new Type('tag:yaml.org,2002:plain', {
      kind: 'scalar',
      // An empty scalar comes as null.
      resolve: (text: string | null) => TYPES.some(({ test }) => test.test(text ?? '')),
      construct: (text: string | null): unknown => {
        const value = TYPES.find(({ test }) => test.test(text ?? ''))?.read(text ?? '');
        return isScalar(value) ? value.value : value;
      },
    }),
  ],
});

function ignore(): void {
  // A scalar that passed the test of its type has that type.
}

/**
 * Reads the values of a text about ten times as fast as `yaml` does, which also keeps places; undefined for a text that
 * is not plain or not right: that is for `yaml` to read, and to say what is wrong where.
 */
export function readPlainYaml(text: string): PlainDocument[] | undefined {
  if (NOT_PLAIN.test(text)) return undefined;
  try {
    const documents = sourcesOf(text).map((source) => ({ value: load(source, { schema: SCHEMA }) ?? null, source }));
    return IN_FLOW.test(text) && documents.some(({ value }) => mayHaveOddKeys(value)) ? undefined : documents;
  } catch {
    return undefined;
  }
}

/** Whether a key may have been a map or a list: it has no value, and a map as a key is printed like this. */
function mayHaveOddKeys(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const entries = Object.entries(value);
  const isOdd = ([key, each]: [string, unknown]): boolean => key.includes('[object Object]') || each === null;
  return (!Array.isArray(value) && entries.some(isOdd)) || entries.some(([, each]) => mayHaveOddKeys(each));
}

/** The texts of the documents: a marker begins one, wherever it stands, and comments alone are none. */
function sourcesOf(text: string): string[] {
  const [first = '', ...rest] = text.split(/^(?=---(?:\s|$))/m);
  if (!first.split('\n').every((line) => /^\s*(?:#|$)/.test(line))) return [first, ...rest];
  const [second, ...more] = rest;
  return second === undefined ? [] : [first + second, ...more];
}

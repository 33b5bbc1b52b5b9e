import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isScalar, Schema, type ScalarTag } from 'yaml';
import { findPlainType } from './plain-scalar.ts';
import { KUBERNETES_YAML } from './yaml-input.ts';

const { schema, customTags } = KUBERNETES_YAML;
const TAGS = new Schema({ schema, customTags }).tags.filter(
  (tag): tag is ScalarTag => 'test' in tag && tag.default === true,
);

/** As the other reader has it. */
function readPatiently(text: string): unknown {
  const tag = TAGS.find(({ test }) => test?.test(text));
  if (!tag) return text;
  const read = tag.resolve(text, () => undefined, {});
  return isScalar(read) ? read.value : read;
}

function readPlainly(text: string): unknown {
  return (findPlainType(text) ?? String)(text);
}

const WORDS =
  'null Null NULL ~ yes Yes YES y Y no n on On ON off OFF true True TRUE false FALSE nUll yEs . .. e3 _ - +';

it.each(['', ...WORDS.split(' ')])('reads %j as the other reader does', (word) => {
  expect(readPlainly(word)).toBe(readPatiently(word));
});

it('reads what looks like numbers as the other reader does', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123789_.-+eExXoObBfF'), maxLength: 8 });
  const prefixed = fc
    .tuple(fc.constantFrom('', '-', '+'), fc.constantFrom('', '0', '0x', '0X', '0b', '0B', '0o', '0O', '1'), digits)
    .map((parts) => parts.join(''));
  fc.assert(fc.property(fc.oneof(digits, prefixed), expectSame), { numRuns: 3_000 });
});

it('reads any text as the other reader does', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme-ascii' }), expectSame), { numRuns: 2_000 });
});

function expectSame(text: string): void {
  expect(readPlainly(text)).toBe(readPatiently(text));
}

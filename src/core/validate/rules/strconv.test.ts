import { expect, test } from 'vitest';
import { parseGoBool, parseGoInt, parseGoUint } from './strconv.ts';

// Each row was put to strconv of Go 1.26.
test.each([
  ['12', 12],
  ['+12', 12],
  ['-12', -12],
  ['00000000000000000001', 1],
  ['+9223372036854775807', Number(9223372036854775807n)],
  ['-9223372036854775808', Number(-9223372036854775808n)],
  ['9223372036854775808', undefined],
  ['-9223372036854775809', undefined],
  ['', undefined],
  ['+', undefined],
  ['1_000', undefined],
  ['0x1', undefined],
])('the integer %j', (text, value) => {
  expect(parseGoInt(text)).toBe(value);
});

test.each([
  ['65535', 65535],
  ['65536', undefined],
  ['+1', undefined],
  ['', undefined],
])('the number without a sign %j', (text, value) => {
  expect(parseGoUint(text, 16)).toBe(value);
});

test.each([
  ['1', true],
  ['t', true],
  ['TRUE', true],
  ['f', false],
  ['False', false],
  ['yes', undefined],
  ['', undefined],
])('the truth value %j', (text, value) => {
  expect(parseGoBool(text)).toBe(value);
});

import { expect, test } from 'vitest';
import { wrapText } from './wrap-text.ts';

test.each([
  ['a b c', 80, 'a b c'],
  ['aaa bbb ccc', 7, 'aaa bbb\n  ccc'],
  ['  aaa bbb ccc', 7, '  aaa\n  bbb\n  ccc'],
  ['a-word-that-is-too-long b', 5, 'a-word-that-is-too-long\n  b'],
  ['', 5, ''],
])('%j in %i columns', (text, columns, expected) => {
  expect(wrapText(text, columns, '  ')).toBe(expected);
});

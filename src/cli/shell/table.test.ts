import { expect, test } from 'vitest';
import { toTable } from './table.ts';

const ROWS = [
  ['NAME', 'WHY'],
  ['a', 'one two three four five six'],
  ['longer', ''],
];

test('columns are as wide as what they hold, and nothing ends in white space', () => {
  expect(toTable(ROWS)).toBe('NAME    WHY\na       one two three four five six\nlonger\n');
});

test('the last column is wrapped where there is a width, and stays in its column', () => {
  expect(toTable(ROWS, 28)).toBe('NAME    WHY\na       one two three four\n        five six\nlonger\n');
});

test('a word that is longer than its column is not broken', () => {
  expect(
    toTable(
      [
        ['A', 'B'],
        ['x', `${'y'.repeat(50)} z`],
      ],
      30,
    ),
  ).toBe(`A  B\nx  ${'y'.repeat(50)}\n   z\n`);
});

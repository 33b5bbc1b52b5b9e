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

const LONG = [
  ['NAME', 'WHY'],
  ['a', 'one two three four five six seven eight nine ten'],
  ['longer', ''],
];

test('the last column is wrapped where there is a width, and stays in its column', () => {
  expect(toTable(LONG, 50)).toBe(
    'NAME    WHY\na       one two three four five six seven eight\n        nine ten\nlonger\n',
  );
});

test('a last column without room stands below its row, and its head is left out', () => {
  expect(toTable(LONG, 30)).toBe('NAME\na\n    one two three four five\n    six seven eight nine ten\nlonger\n');
});

test('a word that is longer than its column is not broken', () => {
  expect(
    toTable(
      [
        ['A', 'B'],
        ['x', `${'y'.repeat(50)} z`],
      ],
      44,
    ),
  ).toBe(`A  B\nx  ${'y'.repeat(50)}\n   z\n`);
});

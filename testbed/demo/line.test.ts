import { describe, expect, it } from 'vitest';

import { cutLine, plainText, wrapWords, type Line } from './line.ts';

describe('cutLine', () => {
  const line: Line = ['abc', ['bad', 'def'], 'ghi'];

  it.each<[number, Line]>([
    [9, line],
    [7, ['abc', ['bad', 'def'], 'g']],
    [4, ['abc', ['bad', 'd'], '']],
    [0, ['', ['bad', ''], '']],
  ])('leaves %s characters, and what they mean', (width, expected) => {
    expect(cutLine(line, width)).toEqual(expected);
  });

  it('lets nothing move the cursor, whatever messages of others hold', () => {
    expect(plainText(cutLine(['one\ntwo\u001b[2Jthree'], 80))).toBe('one two [2Jthree');
  });
});

describe('wrapWords', () => {
  it.each<[string, number, string[]]>([
    ['all of it fits', 14, ['all of it fits']],
    ['all of it does not', 14, ['all of it does', '  not']],
    ['  an indented sentence', 14, ['  an indented', '    sentence']],
    ['/a/path/that/is/long', 10, ['/a/path/that/is/long']],
    ['a   column', 14, ['a   column']],
    ['', 10, ['']],
  ])('breaks %j at %s', (text, width, lines) => {
    expect(wrapWords(text, width)).toEqual(lines);
  });
});

import { describe, expect, it } from 'vitest';

import { cutLine, plainText, type Line } from './line.ts';

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

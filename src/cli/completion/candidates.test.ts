import { describe, expect, it } from 'vitest';
import { SAILWRIGHT } from '../commands.ts';
import { findCandidates } from './candidates.ts';

describe('the last word can become', () => {
  it.each<[words: string[], candidates: string[]]>([
    [['ma'], ['manifest']],
    [
      ['manifest', ''],
      ['diff', 'generate'],
    ],
    [
      ['help', 'v'],
      ['validate', 'version'],
    ],
    [['validate', '--o'], ['--output']],
    [
      ['validate', '-o', ''],
      ['json', 'text', 'yaml'],
    ],
    [['validate', '--output=j'], ['--output=json']],
    [['analyze', '-f', 'mesh', '--failure-threshold', 'W'], ['Warning']],
    [
      ['completion', ''],
      ['bash', 'fish', 'zsh'],
    ],
    [['validate', '-f', ''], []],
    [['nothing', ''], []],
    [['__'], []],
  ])('%j: %j', (words, candidates) => {
    expect(findCandidates(SAILWRIGHT.commands, words)).toEqual(candidates);
  });
});

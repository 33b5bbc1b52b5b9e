import fc from 'fast-check';
import { RE2Set } from 're2js';
import { describe, expect, test } from 'vitest';
import { findRegexFault } from './regex.ts';
import { simplifyExpression } from './simplify-expression.ts';

describe('a regular expression of RE2', () => {
  test('is taken exactly where RE2 reads it, also where it need not be asked', () => {
    const isRead = (text: string): boolean => {
      try {
        new RE2Set().add(text);
        return true;
      } catch {
        return false;
      }
    };
    const parts = fc.constantFrom(...'ab0_./- *+?|()^$\\[]{},:', '\\.', '\\d', '\\-', '(a|b)', '.*');
    fc.assert(
      fc.property(fc.array(parts, { minLength: 1, maxLength: 12 }), (chosen) => {
        const text = chosen.join('');
        expect(findRegexFault(text) === undefined).toBe(isRead(text));
      }),
      { numRuns: 5_000 },
    );
  });

  test.each([
    'a+',
    '(?i)a|b',
    '(?i:a)(?-i:b)',
    '\\pL\\p{Greek}\\P{^Latin}',
    '[\\pL\\d]',
    '[]a]',
    '[^]a]',
    '[[:alpha:]\\]]',
    '\\Qa(b\\E',
    '\\Qa(',
    '(?P<n>a)(?P<n>b)',
    '\\(',
  ])('%s', (text) => {
    expect(findRegexFault(text)).toBeUndefined();
  });

  test.each([
    ['', 'RegexEmpty'],
    ['(', 'RegexInvalid'],
    ['a(?=b)', 'RegexInvalid'],
    ['(a)\\1', 'RegexInvalid'],
    ['\\p{Klingon}', 'RegexInvalid'],
    ['[\\pQ]', 'RegexInvalid'],
    ['[a', 'RegexInvalid'],
    ['[[:nope:]]', 'RegexInvalid'],
    ['(?i', 'RegexInvalid'],
    ['(?ix)a', 'RegexInvalid'],
    ['a'.repeat(1025), 'RegexTooLong'],
  ])('refused: %.20s', (text, code) => {
    expect(findRegexFault(text)).toMatchObject({ code });
  });
});

describe('what is slow to read is left out of the form that is judged', () => {
  const known = (escape: string): boolean => escape !== '\\pQ';

  test.each([
    ['abc', 'abc'],
    ['\\pL+', '\\d+'],
    ['\\p{Greek}[a\\PL]', '\\d[a\\d]'],
    ['\\pQ', '\\pQ'],
    ['(?i)a(?si-m:b)', '(?s)a(?ss-m:b)'],
    ['(?:a)', '(?:a)'],
    ['\\Q\\pL\\E\\pL', '\\Q\\pL\\E\\d'],
    ['\\Q\\pL', '\\Q\\pL'],
    ['\\\\pL', '\\\\pL'],
    ['[(?i)]', '[(?i)]'],
    ['[]\\pL][^]\\pL]', '[]\\d][^]\\d]'],
    ['[[:alpha:]]\\pL', '[[:alpha:]]\\d'],
    ['[\\pL', '[\\d'],
  ])('%s', (text, simple) => {
    expect(simplifyExpression(text, known)).toBe(simple);
  });
});

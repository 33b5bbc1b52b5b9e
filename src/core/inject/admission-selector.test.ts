import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canOverlap, listUnmetRequirements } from './admission-selector.ts';
import type { LabelSelector } from '../label-selector.ts';

const where = (...matchExpressions: NonNullable<LabelSelector['matchExpressions']>): LabelSelector => ({
  matchExpressions,
});
const isIn = (key: string, ...values: string[]): LabelSelector => where({ key, operator: 'In', values });
const isNotIn = (key: string, ...values: string[]): LabelSelector => where({ key, operator: 'NotIn', values });
const exists = (key: string): LabelSelector => where({ key, operator: 'Exists' });
const isAbsent = (key: string): LabelSelector => where({ key, operator: 'DoesNotExist' });

describe('canOverlap', () => {
  it.each<[string, LabelSelector | undefined, LabelSelector | undefined, boolean]>([
    ['no selectors', undefined, {}, true],
    ['the same value', isIn('a', 'x'), { matchLabels: { a: 'x' } }, true],
    ['other values', isIn('a', 'x'), isIn('a', 'y'), false],
    ['values that meet', isIn('a', 'x', 'y'), isIn('a', 'y', 'z'), true],
    ['a value and its exclusion', isIn('a', 'x'), isNotIn('a', 'x'), false],
    ['one of two excluded', isIn('a', 'x', 'y'), isNotIn('a', 'x'), true],
    ['absent and there', isAbsent('a'), exists('a'), false],
    ['absent and excluded', isAbsent('a'), isNotIn('a', 'x'), true],
    ['there and excluded', exists('a'), isNotIn('a', 'x'), true],
    ['other keys', isIn('a', 'x'), isIn('b', 'y'), true],
    ['an operator that nobody knows', isIn('a', 'x'), where({ key: 'a', operator: 'Like', values: ['y'] }), true],
  ])('%s', (_, a, b, expected) => {
    expect(canOverlap(a, b)).toBe(expected);
    expect(canOverlap(b, a)).toBe(expected);
  });

  it('knows labels that are always there', () => {
    expect(canOverlap(isAbsent('name'), undefined, ['name'])).toBe(false);
    expect(canOverlap(isNotIn('name', 'x'), undefined, ['name'])).toBe(true);
  });

  it('says yes to two selectors that meet on some labels', () => {
    const key = fc.constantFrom('a', 'b');
    const value = fc.constantFrom('x', 'y', 'z');
    const requirement = fc.oneof(
      fc.record({ key, operator: fc.constantFrom('In', 'NotIn'), values: fc.array(value, { minLength: 1 }) }),
      fc.record({ key, operator: fc.constantFrom('Exists', 'DoesNotExist') }),
    );
    const selector = fc.record({ matchExpressions: fc.array(requirement, { maxLength: 3 }) });
    const labels = fc.dictionary(key, fc.constantFrom('x', 'y', 'z', 'w')).map((entries) => ({ ...entries }));
    fc.assert(
      fc.property(selector, selector, labels, (a, b, found) => {
        const both = [a, b].every((one) => listUnmetRequirements(one, found).length === 0);
        if (both) expect(canOverlap(a, b)).toBe(true);
      }),
    );
  });
});

it.each<[LabelSelector, Record<string, string>, string[]]>([
  [{}, {}, []],
  [isIn('a', 'x'), { a: 'x' }, []],
  [isIn('a', 'x'), {}, ['wants label a "x", but there is no such label']],
  [isNotIn('a', 'x', 'y'), { a: 'y' }, ['wants label a not in [x, y], but it is "y"']],
  [isAbsent('a'), { a: '' }, ['wants no label a, but it is ""']],
  [
    { matchLabels: { a: 'x' }, matchExpressions: [{ key: 'b', operator: 'Exists' }] },
    { a: 'y' },
    ['wants label a "x", but it is "y"', 'wants a label b, but there is no such label'],
  ],
])('listUnmetRequirements %j %j: %j', (selector, labels, expected) => {
  expect(listUnmetRequirements(selector, labels)).toEqual(expected);
});

import { expect, test } from 'vitest';
import type { LabelSelector } from '../label-selector.ts';
import { compileSelector } from './compile-selector.ts';

const expression = (operator: string, values?: string[]): LabelSelector => ({
  matchExpressions: [{ key: 'a', operator, ...(values ? { values } : {}) }],
});

test.each<[string, LabelSelector, Record<string, string>, boolean]>([
  ['a label', { matchLabels: { a: '1' } }, { a: '1', b: '2' }, true],
  ['another value', { matchLabels: { a: '1' } }, { a: '2' }, false],
  ['In', expression('In', ['1', '2']), { a: '2' }, true],
  ['In needs the label', expression('In', ['1']), {}, false],
  ['NotIn', expression('NotIn', ['1']), { a: '1' }, false],
  ['NotIn takes a missing label', expression('NotIn', ['1']), {}, true],
  ['Exists takes an empty value', expression('Exists'), { a: '' }, true],
  ['DoesNotExist', expression('DoesNotExist'), { a: '' }, false],
  ['all requirements must hold', { matchLabels: { b: '2' }, ...expression('Exists') }, { a: '1' }, false],
  ['an empty selector matches nothing', {}, { a: '1' }, false],
  ['In without values is invalid', expression('In'), { a: '1' }, false],
  ['Exists with values is invalid', expression('Exists', ['1']), { a: '1' }, false],
])('%s', (_title, selector, labels, matches) => {
  expect(compileSelector(selector).matches(labels)).toBe(matches);
});

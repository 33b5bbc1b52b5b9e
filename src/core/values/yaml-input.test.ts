import { expect, it } from 'vitest';
import { parseYamlObjects } from './yaml-input.ts';

it.each<[string, unknown]>([
  ['.', '.'],
  ['+.', '+.'],
  ['.5', 0.5],
  ['5.', 5],
  ['1_0.5', 10.5],
  ['yes', true],
  ['2001-01-01', '2001-01-01'],
])('reads %s as Kubernetes does', (text, value) => {
  expect(parseYamlObjects(`a: ${text}\nb: [${text}]`, [])).toEqual([{ a: value, b: [value] }]);
});

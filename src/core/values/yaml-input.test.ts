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
  // As an exponent needs digits before it, names such as these stay names.
  ['e3', 'e3'],
  ['E10', 'E10'],
  ['.e3', '.e3'],
  ['1e3', 1000],
  ['.5e1', 5],
  ['1.e1', 10],
  ['1e400', '1e400'],
  ['.inf', '.inf'],
  ['-.inf', '-.inf'],
  ['.nan', '.nan'],
  ['010', 8],
  ['0o10', 8],
  ['-0O10', -8],
  ['08', 8],
  ['0X1F', 31],
  ['0B11', 3],
])('reads %s as Kubernetes does', (text, value) => {
  expect(parseYamlObjects(`a: ${text}\nb: [${text}]`, [])).toEqual([{ a: value, b: [value] }]);
});

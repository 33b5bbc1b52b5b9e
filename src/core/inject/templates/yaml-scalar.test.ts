import { expect, it } from 'vitest';
import { readYaml } from './yaml-document.ts';
import { resolveScalar } from './yaml-scalar.ts';

it.each([
  ['y', true],
  ['No', false],
  ['off', false],
  ['~', null],
  ['', null],
  ['0755', 493],
  ['0x1F', 31],
  ['1_000', 1000],
  ['1e+06', 1_000_000],
  ['.5', 0.5],
  ['.', '.'],
  ['12:30:45', '12:30:45'],
  ['2020-01-01', '2020-01-01'],
  ['08', 8],
  ['yEs', 'yEs'],
  ['-', '-'],
])('unquoted %j reads as %j', (text, expected) => {
  expect(resolveScalar(text)).toBe(expected);
});

it('reads documents as Kubernetes does', () => {
  expect(readYaml('a: 1\na: on\nb: "no"\nc: &x {d: 1}\ne: {<<: *x, f: }')).toEqual({
    a: true,
    b: 'no',
    c: { d: 1 },
    e: { d: 1, f: null },
  });
  expect(() => readYaml('a: "b" c"')).toThrow('Unexpected scalar');
});

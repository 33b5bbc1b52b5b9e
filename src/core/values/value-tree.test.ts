import { RenderError } from '../render-error.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bare,
  computeResources,
  firstTruthy,
  inScope,
  intOf,
  isTruthy,
  printed,
  sortedEntries,
  str,
  valueAt,
} from './value-tree.ts';

describe('printed follows Go', () => {
  it.each([
    [1000000, '1e+06'],
    [1234567, '1.234567e+06'],
    [999999, '999999'],
    [0.00001, '1e-05'],
    [1e21, '1e+21'],
    [-1000000, '-1e+06'],
    [1.5, '1.5'],
    [0, '0'],
    [true, 'true'],
    ['x', 'x'],
    [null, ''],
    [undefined, ''],
    [[1, 'a', null], '[1 a <nil>]'],
    [{ b: 1, a: 'x' }, 'map[a:x b:1]'],
  ])('%j prints as %j', (value, text) => {
    expect(printed(value)).toBe(text);
  });

  it('keeps the number through print and parse', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Number(printed(value))).toBe(value === 0 ? 0 : value);
      }),
    );
  });
});

describe('bare gives the type that YAML 1.1 reads', () => {
  it.each([
    ['yes', true],
    ['off', false],
    ['5', 5],
    ['1e3', 1000],
    ['010', 8],
    ['100m', '100m'],
    ['25%', '25%'],
    ['2024-01-01', '2024-01-01'],
    ['$(HOST_IP):8126', '$(HOST_IP):8126'],
    ['zipkin.istio-system:9411', 'zipkin.istio-system:9411'],
    ['', null],
    ['~', null],
    [1000000, 1000000],
    [false, false],
    ['[x]', '[x]'],
    ['12:30', '12:30'],
    ['2020-01-01', '2020-01-01'],
  ])('%j becomes %j', (value, result) => {
    expect(bare(value)).toBe(result);
  });

  it('says of numbers and quantities what the parser says, which is asked where there are blanks', () => {
    const unit = fc.constantFrom('', '', 'm', 'k', 'Ki', 'M', 'Mi', 'Gi', 'T', 'P', 'e', 'E', 'x', '_', '%', 's');
    fc.assert(
      fc.property(fc.stringMatching(/^[-+]?\d{1,17}(\.\d)?$/), unit, (digits, after) => {
        expect(bare(digits + after)).toBe(bare(` ${digits}${after} `));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('truth', () => {
  it.each([[null], [undefined], [false], [0], [''], [[]], [{}]])('%j is false', (value) => {
    expect(isTruthy(value)).toBe(false);
  });
  it.each([[true], [1], ['false'], [[0]], [{ a: null }]])('%j is true', (value) => {
    expect(isTruthy(value)).toBe(true);
  });
  it('default passes over empty values', () => {
    expect(firstTruthy('', 0, null, 'x', 'y')).toBe('x');
    expect(firstTruthy('', undefined)).toBeUndefined();
  });
});

describe('reading the tree', () => {
  const values = { global: { hub: 'h', resourceScope: 'namespace', nothing: null }, list: [1] };
  it('walks maps only', () => {
    expect(valueAt(values, 'global.hub')).toBe('h');
    expect(valueAt(values, 'global.nothing.deep')).toBeUndefined();
    expect(valueAt(values, 'list.0')).toBeUndefined();
    expect(str(values, 'missing.path')).toBe('');
  });
  it('knows the scope', () => {
    expect(inScope(values, 'namespace')).toBe(true);
    expect(inScope(values, 'cluster')).toBe(false);
    expect(inScope({ global: { resourceScope: 'all' } }, 'cluster')).toBe(true);
  });
  it('refuses a scope by number', () => {
    expect(() => inScope({ global: { resourceScope: 1 } }, 'cluster')).toThrow(/all, cluster or namespace/);
  });
  it('ranges in key order', () => {
    expect(sortedEntries({ b: 1, a: 2, c: undefined }).map(([key]) => key)).toEqual(['a', 'b']);
  });
  it.each([
    [2.9, 2],
    ['3', 3],
    ['x', 0],
    [true, 1],
    [null, 0],
  ])('int of %j is %j', (value, result) => {
    expect(intOf(value)).toBe(result);
  });
});

describe('computeResources', () => {
  it('drops empty quantities and empty parts', () => {
    expect(computeResources({ limits: { cpu: '', memory: null }, requests: { cpu: '10m', memory: 0 } })).toEqual({
      requests: { cpu: '10m' },
    });
    expect(computeResources({ limits: {} })).toBeUndefined();
  });

  it.each(['x', { limits: 'x' }])('refuses %j', (resources) => {
    expect(() => computeResources(resources)).toThrow(RenderError);
  });
});

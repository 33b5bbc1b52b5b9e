import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../kube-object.ts';
import {
  computeSurplusPaths,
  computeUnownedPaths,
  displayPath,
  findManagers,
  isPathOwned,
  type FieldsV1,
} from './field-ownership.ts';

const wrap = (spec: unknown): KubeObject => ({ apiVersion: 'v1', kind: 'Thing', metadata: { name: 'x' }, spec });
const unowned = (spec: unknown, owned: FieldsV1): string[] =>
  computeUnownedPaths(wrap(spec), { 'f:spec': owned }).map(displayPath);
const surplus = (spec: unknown, owned: FieldsV1): string[] =>
  computeSurplusPaths(wrap(spec), { 'f:spec': owned }).map(displayPath);

const PORT_80: FieldsV1 = { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:port': {}, 'f:name': {} } };

describe('computeUnownedPaths', () => {
  const cases: [title: string, spec: unknown, owned: FieldsV1, lost: string[]][] = [
    ['an owned scalar', { a: 1 }, { 'f:a': {} }, []],
    ['a scalar that somebody took', { a: 1, b: 2 }, { 'f:b': {} }, ['.spec.a']],
    ['an atomic list is one field', { a: [1, 2] }, { 'f:a': {} }, []],
    ['an atomic map is one field', { a: { b: { c: 1 } } }, { 'f:a': {} }, []],
    ['an empty value is not looked at', { a: {}, b: [], c: null }, { 'f:d': {} }, []],
    ['an item whose key the server defaulted', { p: [{ port: 80, name: 'x' }] }, { 'f:p': PORT_80 }, []],
    [
      'a field of an item',
      { p: [{ port: 80, name: 'x', target: 1 }] },
      { 'f:p': PORT_80 },
      ['.spec.p[port=80,protocol="TCP"].target'],
    ],
    [
      'an item that somebody removed',
      { p: [{ port: 80 }, { port: 81, protocol: 'TCP' }] },
      { 'f:p': PORT_80 },
      ['.spec.p[port=81,protocol="TCP"]'],
    ],
    ['items of a set', { s: ['a', 'b'] }, { 'f:s': { 'v:"a"': {} } }, ['.spec.s[="b"]']],
    [
      'an exact key goes before a defaulted one',
      { p: [{ port: 80 }, { port: 80, protocol: 'TCP', name: 'x' }] },
      {
        'f:p': {
          'k:{"port":80,"protocol":"TCP"}': { 'f:port': {}, 'f:protocol': {}, 'f:name': {} },
          'k:{"port":80,"protocol":"UDP"}': { 'f:port': {} },
        },
      },
      [],
    ],
  ];
  it.each(cases)('%s', (_title, spec, owned, lost) => {
    expect(unowned(spec, owned)).toEqual(lost);
  });

  it('does not ask for what identifies the object', () => {
    expect(computeUnownedPaths(wrap({ a: 1 }), { 'f:spec': { 'f:a': {} } })).toEqual([]);
  });
});

describe('computeSurplusPaths', () => {
  const cases: [title: string, spec: unknown, owned: FieldsV1, extra: string[]][] = [
    ['a key that the server defaulted is none', { p: [{ port: 80, name: 'x' }] }, { 'f:p': PORT_80 }, []],
    ['a field that is wanted no more', { a: 1 }, { 'f:a': {}, 'f:b': {} }, ['.spec.b']],
    ['an item that is wanted no more', { s: ['a'] }, { 'f:s': { 'v:"a"': {}, 'v:"b"': {} } }, ['.spec.s[="b"]']],
  ];
  it.each(cases)('%s', (_title, spec, owned, extra) => {
    expect(surplus(spec, owned)).toEqual(extra);
  });
});

/** The tree that an apply of the value leaves, with every list atomic. */
function treeOf(value: unknown): FieldsV1 {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [`f:${key}`, treeOf(item)]));
}

const tree = fc.letrec((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    fc.integer(),
    fc.string(),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), tie('node'), { minKeys: 1, maxKeys: 4 }),
  ),
})).node;
const spec = fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), tree, { minKeys: 1, maxKeys: 5 });

describe('ownership of what was applied', () => {
  it('is complete and has no surplus', () => {
    fc.assert(
      fc.property(spec, (value) => {
        expect(unowned(value, treeOf(value))).toEqual([]);
        expect(surplus(value, treeOf(value))).toEqual([]);
      }),
    );
  });

  it('shows exactly the field that another manager takes', () => {
    fc.assert(
      fc.property(spec, fc.nat(), (value, pick) => {
        const names = Object.keys(value);
        const taken = names[pick % names.length] ?? '';
        const { [`f:${taken}`]: _, ...rest } = treeOf(value);
        fc.pre(Object.keys(rest).length > 0);
        expect(unowned(value, rest)).toEqual([`.spec.${taken}`]);
      }),
    );
  });
});

describe('findManagers', () => {
  it('names who owns a path, not who owns others', () => {
    const object = wrap({});
    object.metadata['managedFields'] = [
      { manager: 'kubectl-edit', operation: 'Update', fieldsV1: { 'f:spec': { 'f:a': {} } } },
      { manager: 'other', operation: 'Update', fieldsV1: { 'f:spec': { 'f:b': {} } } },
      { manager: 'sailwright', operation: 'Apply', fieldsV1: { 'f:spec': { 'f:a': {} } } },
    ];
    expect(findManagers(object, [['f:spec', 'f:a']], 'sailwright')).toEqual(['kubectl-edit']);
  });

  it('sees the owner of an atomic value around the path', () => {
    expect(isPathOwned({ 'f:spec': { 'f:a': {} } }, ['f:spec', 'f:a', 'f:b'])).toBe(true);
    expect(isPathOwned({ 'f:spec': { 'f:a': {} } }, ['f:spec', 'f:c'])).toBe(false);
  });
});

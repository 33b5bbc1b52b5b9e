import { describe, expect, it } from 'vitest';
import { applySetFlag } from './set-flag.ts';
import { splitTreePath } from './tree-path.ts';
import type { JsonObject } from '../kube-object.ts';

describe('--set', () => {
  it.each<[string, JsonObject]>([
    ['values.a=5', { values: { a: 5 } }],
    ['values.a=1.5', { values: { a: 1.5 } }],
    ['values.a=true', { values: { a: true } }],
    ['values.a=x\\,y', { values: { a: 'x,y' } }],
    ['tag=1.30', { tag: '1.30' }],
    ['values.a\\.b=x', { values: { 'a.b': 'x' } }],
    ['list[0].name=x', { list: [{ name: 'x' }] }],
    ['a', { a: '' }],
  ])('%s', (flag, spec) => {
    const operator: JsonObject = {};
    applySetFlag(operator, flag);
    expect(operator).toEqual({ spec });
  });

  it('selects list items by key', () => {
    const operator: JsonObject = { spec: { list: [{ name: 'a' }, { name: 'b' }] } };
    applySetFlag(operator, 'list[name:b].x=1');
    expect(operator).toEqual({ spec: { list: [{ name: 'a' }, { name: 'b', x: 1 }] } });
    expect(() => applySetFlag(operator, 'list[name:c].x=1')).toThrow('no list item matches');
  });

  it('splits paths, and collapses .. as upstream does', () => {
    expect(splitTreePath('spec.a/../b')).toEqual(['b']);
    expect(splitTreePath('.a[0].b\\.c.')).toEqual(['a', '[0]', 'b.c']);
  });
});

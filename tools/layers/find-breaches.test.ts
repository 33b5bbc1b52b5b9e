import { expect, test } from 'vitest';
import { findBreaches } from './find-breaches.ts';

const check = (files: Record<string, string>): string[] => findBreaches(new Map(Object.entries(files)));

test.each([
  ['a higher room uses a lower one', 'core/render/a.ts', `import { b } from '../values/b.ts';`],
  ['files of one room', 'core/render/a.ts', `import { b } from './istiod/b.ts';`],
  ['a package', 'core/render/a.ts', `import { z } from 'zod';`],
  ['the core itself', 'core/plan/a.ts', `import type { Json } from '../kube-object.ts';`],
])('passes: %s', (_, path, text) => {
  expect(check({ [path]: text })).toEqual([]);
});

test.each([
  ['a value', `import { b } from '../render/b.ts';`],
  ['a type', `import type { B } from '../render/b.ts';`],
  ['another name', `export { b } from '../render/b.ts';`],
  ['at run time', `export const b = () => import('../render/b.ts');`],
])('refuses an import upwards: %s', (_, text) => {
  expect(check({ 'core/values/a.ts': `\n${text}\n` })).toEqual([
    'core/values/a.ts:2: core/values does not stand above core/render (tools/layers/layers.ts), but imports core/render/b.ts',
  ]);
});

test('refuses neighbours of one row', () => {
  expect(check({ 'core/diff/a.ts': `import '../analyze/b.ts';` })).toHaveLength(1);
});

test('refuses a room without a row', () => {
  expect(check({ 'attic/a.ts': `import '../api/b.ts';` })).toEqual([
    'attic/a.ts: room attic has no row in tools/layers/layers.ts',
  ]);
});

test('names a circle of files', () => {
  const files = {
    'api/a.ts': `import './b.ts';`,
    'api/b.ts': `import type { C } from './c.ts';`,
    'api/c.ts': `import './a.ts';`,
  };
  expect(check(files)).toEqual(['circle of files: api/a.ts -> api/b.ts -> api/c.ts -> api/a.ts']);
});

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { renderDeclarations } from './declarations.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sailwright-declarations-'));
  await mkdir(join(folder, 'public'));
  const files = {
    'inner.ts': `export interface Inner { a: string }\n`,
    'public/shape.ts': `/** A shape. */\nexport interface Shape { a: string }\n`,
    'public/good.ts': `import { inner } from '../inner.ts';\nimport type { Shape } from './shape.ts';\nexport function f(shape: Shape): number { return inner(shape); }\n`,
    'public/leaky.ts': `import type { Inner } from '../inner.ts';\nexport function f(): Inner { return { a: '' }; }\n`,
    'public/inferred.ts': `export const f = () => Math.max(1);\n`,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

it('declares what is exported and what that names, without what only the code uses', async () => {
  const texts = await renderDeclarations(join(folder, 'public'), ['good.ts']);
  expect([...texts.keys()].sort()).toEqual(['good.d.ts', 'shape.d.ts']);
  expect(texts.get('good.d.ts')).toBe(
    `import type { Shape } from './shape.js';\nexport declare function f(shape: Shape): number;\n`,
  );
  expect(texts.get('shape.d.ts')).toContain('/** A shape. */');
});

it.each([
  ['types of other folders', 'leaky.ts', /public types name \.\.\/inner\.ts/],
  ['types that only a whole compilation would know', 'inferred.ts', /inferred\.ts: .*isolatedDeclarations/],
])('refuses %s', async (_what, module, error) => {
  await expect(renderDeclarations(join(folder, 'public'), [module])).rejects.toThrow(error);
});

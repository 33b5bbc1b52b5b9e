import type { Metafile } from 'esbuild';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { collectLicences, findBundledPackages } from './bundled-packages.ts';

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sailwright-bundled-'));
  await install('node_modules/plain', { name: 'plain', version: '1.0.0', license: 'MIT' });
  await install('node_modules/plain/node_modules/@scope/nested', { name: '@scope/nested', version: '2.0.0' });
  await install('node_modules/unused', { name: 'unused', version: '3.0.0' });
  await writeFile(join(root, 'node_modules/plain/node_modules/@scope/nested/LICENCE.md'), 'Do as you like.\n');
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function install(folder: string, manifest: object): Promise<void> {
  await mkdir(join(root, folder), { recursive: true });
  await writeFile(join(root, folder, 'package.json'), JSON.stringify(manifest));
}

function metafile(bytes: Record<string, number>): Metafile {
  const inputs = Object.fromEntries(Object.entries(bytes).map(([path, bytesInOutput]) => [path, { bytesInOutput }]));
  return { inputs: {}, outputs: { 'dist/a.js': { inputs, bytes: 1, imports: [], exports: [] } } };
}

describe('packages in the bundle', () => {
  it('are those that gave it something, nested ones as well', async () => {
    const given = metafile({
      'src/main.ts': 10,
      'node_modules/plain/lib/a.js': 5,
      'node_modules/plain/lib/b.js': 5,
      'node_modules/plain/node_modules/@scope/nested/index.js': 1,
      'node_modules/unused/index.js': 0,
    });
    expect(await findBundledPackages(root, given)).toEqual([
      { name: 'plain', version: '1.0.0', folder: 'node_modules/plain' },
      { name: '@scope/nested', version: '2.0.0', folder: 'node_modules/plain/node_modules/@scope/nested' },
    ]);
  });

  it('hand on their licences, or the name of one where they bring no text', async () => {
    const packages = [
      { name: 'plain', version: '1.0.0', folder: 'node_modules/plain' },
      { name: '@scope/nested', version: '2.0.0', folder: 'node_modules/plain/node_modules/@scope/nested' },
    ];
    const text = await collectLicences(root, packages);
    expect(text).toContain('plain 1.0.0\n\nLicence: MIT\n');
    expect(text).toContain('@scope/nested 2.0.0\n\nDo as you like.\n');
  });

  it('are refused without any licence', async () => {
    const stray = [{ name: 'unused', version: '3.0.0', folder: 'node_modules/unused' }];
    await expect(collectLicences(root, stray)).rejects.toThrow('node_modules/unused names no licence');
  });
});

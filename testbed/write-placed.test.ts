import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

import type { FileTree } from '../tools/image/file-tree.ts';
import { writePlaced } from './write-placed.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sailwright-placed-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('writes what has a place, and lets links lead to files beside them', async () => {
  const tree: FileTree = new Map([
    ['usr/lib', { kind: 'directory', mode: 0o755 }],
    ['usr/lib/x86/libnft.so.1.2', { kind: 'file', mode: 0o644, data: Buffer.from('library') }],
    ['usr/lib/x86/libnft.so.1', { kind: 'link', target: '/usr/lib/x86/libnft.so.1.2' }],
    ['usr/share/doc/readme', { kind: 'file', mode: 0o644, data: Buffer.from('text') }],
  ]);
  const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
  await writePlaced(tree, folder, (path) => (path.includes('/lib') ? join('lib', nameOf(path)) : undefined));
  expect(await readdir(folder)).toEqual(['lib']);
  expect(await readFile(join(folder, 'lib/libnft.so.1'), 'utf8')).toBe('library');
});

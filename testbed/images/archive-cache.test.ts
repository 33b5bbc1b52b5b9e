import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { keepArchive } from './archive-cache.ts';

describe('archives of images', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sailwright-archives-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const keep = (archive: string): Promise<string> => keepArchive(folder, archive, (path) => writeFile(path, archive));
  const age = (name: string, seconds: number): Promise<void> => {
    const time = new Date(Date.now() - seconds * 1000);
    return utimes(join(folder, name), time, time);
  };

  it('are written once', async () => {
    const path = await keep('operator-a1');
    expect(await readFile(path, 'utf8')).toBe('operator-a1');
    const again = keepArchive(folder, 'operator-a1', () => Promise.reject(new Error('written twice')));
    expect(await again).toBe(path);
  });

  it('do not grow without end: those that nobody asked for longest go, of each image for itself', async () => {
    for (const [index, hash] of ['a1', 'a2', 'a3'].entries()) {
      await keep(`operator-${hash}`);
      await age(`operator-${hash}.tar`, 300 - index);
    }
    await keep('operator-cni-b1');
    await keep('operator-a1');
    await keep('operator-a4');
    expect((await readdir(folder)).sort()).toEqual([
      'operator-a1.tar',
      'operator-a3.tar',
      'operator-a4.tar',
      'operator-cni-b1.tar',
    ]);
  });

  it('leave nothing half written of a process that is gone', async () => {
    await writeFile(join(folder, 'pilot-c1.tar.999999999'), 'half');
    await writeFile(join(folder, `pilot-c2.tar.${process.pid}`), 'being written');
    await keep('operator-a1');
    expect((await readdir(folder)).sort()).toEqual(['operator-a1.tar', `pilot-c2.tar.${process.pid}`]);
  });
});

import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { ensureBuilt, type GoBuild } from './go-build.ts';

/** Stands for Go: notes what it is asked, and "compiles" to where it is told. */
const GO = `#!/bin/sh
echo "$*" >> "$NOTES"
if [ "$1" = build ]; then
  while [ "$1" != -o ]; do shift; done
  echo built > "$2"
fi
`;

let folder: string;
let build: GoBuild;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sailwright-go-build-'));
  const module = join(folder, 'module');
  await mkdir(module);
  await writeFile(join(module, 'main.go'), 'package main\n');
  await writeFile(join(folder, 'go'), GO);
  await chmod(join(folder, 'go'), 0o755);
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env['PATH'] ?? ''}`);
  vi.stubEnv('NOTES', join(folder, 'notes'));
  vi.stubEnv('SAILWRIGHT_CACHE', join(folder, 'cache'));
  build = { name: 'thing', title: 'a thing', module, package: '.', output: 'thing', plain: ['k8s.io/bulk/...'] };
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

async function readBuilds(): Promise<string[]> {
  const notes = await readFile(join(folder, 'notes'), 'utf8');
  return notes.split('\n').filter((line) => line.startsWith('build '));
}

describe('ensureBuilt', () => {
  it('leaves inlining out where that is asked for, after what holds for all', async () => {
    await ensureBuilt(build);
    const [asked] = await readBuilds();
    expect(asked).toContain('-gcflags=all=-dwarf=false -gcflags=k8s.io/bulk/...=-dwarf=false -l -trimpath');
  });

  it('takes what was compiled in another way, but not of other sources', async () => {
    const first = await ensureBuilt(build);
    expect(await ensureBuilt({ ...build, plain: [] })).toBe(first);
    expect(await readBuilds()).toHaveLength(1);
    await writeFile(join(build.module, 'main.go'), 'package main // changed\n');
    expect(await ensureBuilt(build)).not.toBe(first);
    expect(await readBuilds()).toHaveLength(2);
  });
});

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { cgroupOf, findDeadCgroups } from './machine-cgroup.ts';

// No process can have it: it is above the kernel's highest.
const NOBODY = 99_999_999;

describe('findDeadCgroups', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'sailwright-cgroups-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('finds those of clusters whose process is gone, once each, and no others', async () => {
    const dead = cgroupOf('/runs/20260101T000000Z-1-1', NOBODY);
    for (const name of [dead, cgroupOf('/runs/alive'), 'docker', 'sailwright-notes']) {
      await mkdir(join(root, 'cpu', name), { recursive: true });
      await mkdir(join(root, 'memory', name), { recursive: true });
    }
    expect(await findDeadCgroups(root)).toEqual([dead]);
  });
});

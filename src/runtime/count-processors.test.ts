import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countProcessors } from './count-processors.ts';

let cgroup: string;
beforeEach(() => {
  cgroup = mkdtempSync(join(tmpdir(), 'sailwright-cgroup-'));
  mkdirSync(join(cgroup, 'cpu'));
});
afterEach(() => rmSync(cgroup, { recursive: true }));

describe('countProcessors', () => {
  const older = (quota: string): Record<string, string> => ({
    'cpu/cpu.cfs_quota_us': `${quota}\n`,
    'cpu/cpu.cfs_period_us': '100000\n',
  });
  it.each<[string, Record<string, string>, number]>([
    ['no limit', { 'cpu.max': 'max 100000\n' }, 8],
    ['a limit of two and a half', { 'cpu.max': '250000 100000\n' }, 2],
    ['a limit of less than one', { 'cpu.max': '50000 100000\n' }, 1],
    ['a limit that is more than there is', { 'cpu.max': '3200000 100000\n' }, 8],
    ['no limit in the first version', older('-1'), 8],
    ['a limit in the first version', older('300000'), 3],
    ['a system without cgroups', {}, 8],
  ])('of eight takes what it may, with %s', (_what, files, count) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(cgroup, name), text);
    expect(countProcessors(cgroup, 8)).toBe(count);
  });
});

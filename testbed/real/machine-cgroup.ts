import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';

import { isRunning } from '../running.ts';

/** Cgroup of a cluster; it names the process that holds the cluster, and the cluster's folder. */
export function cgroupOf(folder: string, holder = process.pid): string {
  return `sailwright-${holder}-${basename(folder)}`;
}

/** Cgroups below /sys/fs/cgroup of clusters whose process is gone. */
export async function findDeadCgroups(root = '/sys/fs/cgroup'): Promise<string[]> {
  const hierarchies = (await readdir(root, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const names = await Promise.all(hierarchies.map(({ name }) => readdir(`${root}/${name}`)));
  return [...new Set(names.flat())].filter((name) => {
    const [, holder] = /^sailwright-(\d+)-/.exec(name) ?? [];
    return holder !== undefined && !isRunning(Number(holder));
  });
}

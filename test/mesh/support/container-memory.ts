// What a container holds, by its cgroup of this machine's own view.
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { RealCluster } from '../../../testbed/cluster.ts';
import type { Pod } from '../../../testbed/mesh/pods.ts';

const HIERARCHY = '/sys/fs/cgroup/memory';

/** Bytes of memory. */
export interface ContainerMemory {
  readonly resident: number;
  /** What counts against the limit and cannot be given back at once. */
  readonly workingSet: number;
  /** The most that has ever counted against the limit, files in memory included. */
  readonly peak: number;
}

/** What a pod's container holds now. */
export async function readContainerMemory(
  { nodes }: RealCluster,
  { metadata, spec, status }: Pod,
  container: string,
): Promise<ContainerMemory> {
  const node = nodes.find(({ name }) => name === spec.nodeName);
  const id = status.containerStatuses?.find(({ name }) => name === container)?.containerID?.split('://')[1];
  const pattern = join(HIERARCHY, node?.cgroup ?? '', 'kubepods/**', `pod${metadata.uid}`, id ?? '');
  const [folder] = globSync(pattern);
  if (id === undefined || folder === undefined) throw new Error(`${metadata.name} has no cgroup ${pattern}`);
  const read = (file: string): Promise<string> => readFile(join(folder, file), 'utf8');
  const stat = new Map((await read('memory.stat')).split('\n').map((line) => line.split(' ') as [string, string]));
  const usage = Number(await read('memory.usage_in_bytes'));
  return {
    resident: Number(stat.get('total_rss')),
    workingSet: usage - Number(stat.get('total_inactive_file')),
    peak: Number(await read('memory.max_usage_in_bytes')),
  };
}

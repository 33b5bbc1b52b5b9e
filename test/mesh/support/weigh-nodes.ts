// What is measured is the mesh, and not who else is busy on this machine.
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { RealEnvironment } from '../../../testbed/mesh/real-cluster.ts';

/** As much as so many tasks that are always busy. */
const TASKS = 16;
const SHARES_OF_A_TASK = 1024;

/**
 * Gives the nodes of a cluster processors as machines of their own would have them: all their pods together weigh as
 * much as a single task unless told, less than the API server alone.
 */
export async function weighNodes({ cluster }: RealEnvironment): Promise<void> {
  const cgroups = new Set(cluster.nodes.map((node) => dirname(node.cgroup)));
  for (const cgroup of cgroups)
    await writeFile(join('/sys/fs/cgroup/cpu', cgroup, 'cpu.shares'), String(TASKS * SHARES_OF_A_TASK));
}

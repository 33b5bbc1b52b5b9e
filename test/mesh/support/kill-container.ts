import { readdir, readFile } from 'node:fs/promises';

import type { Pod } from '../../../testbed/mesh/pods.ts';

/** Ends all processes of a pod's container by SIGKILL, as when memory runs out: nobody is told, and nothing is handed over. */
export async function killContainer({ metadata, status }: Pod, container: string): Promise<void> {
  const found = status.containerStatuses?.find(({ name }) => name === container);
  const id = found?.containerID?.split('//').at(-1);
  if (id === undefined) throw new Error(`${metadata.name} runs no container ${container}`);
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const cgroups = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '')));
  const inside = pids.filter((_, index) => cgroups[index]?.includes(id));
  if (inside.length === 0) throw new Error(`no process of this machine is in container ${id}`);
  for (const pid of inside) process.kill(Number(pid), 'SIGKILL');
}

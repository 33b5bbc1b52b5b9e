import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

/** Where Linux shows a container its own limits. */
const CGROUP = '/sys/fs/cgroup';

/**
 * How many threads may run at once: by the processors that this process may use, and by the CPU limit of its container.
 * At least 1. Node itself knows of limits in some releases only, and counts all processors of the machine where the
 * limit is less than one.
 */
export function countProcessors(cgroup = CGROUP, processors = availableParallelism()): number {
  const limit = readLimit(cgroup);
  return Math.max(1, Math.min(processors, Math.floor(limit ?? Infinity)));
}

/** The limit in processors; undefined where there is none. */
function readLimit(cgroup: string): number | undefined {
  const [quota, period] =
    read(join(cgroup, 'cpu.max'))?.split(' ') ??
    // The first version of cgroups has a file for each.
    ['cpu.cfs_quota_us', 'cpu.cfs_period_us'].map((name) => read(join(cgroup, 'cpu', name)));
  const limit = Number(quota) / Number(period);
  return limit > 0 && Number.isFinite(limit) ? limit : undefined;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

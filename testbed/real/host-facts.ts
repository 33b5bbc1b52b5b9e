import { readFile, statfs } from 'node:fs/promises';
import { platform, release } from 'node:os';
import { dirname } from 'node:path';

import { cacheDir } from '../cache-dir.ts';
import { hasCode } from '../error-code.ts';
import { pathExists } from '../path-exists.ts';
import { MOST_NODES } from './addresses.ts';

/** What decides whether this machine can run real nodes. */
export interface HostFacts {
  readonly platform: string;
  readonly kernel: string;
  readonly uid: number;
  /** The process's capabilities, a bit each. */
  readonly capabilities: bigint;
  /** Kinds of namespaces that the kernel has, as in /proc/self/ns. */
  readonly namespaces: readonly string[];
  /** Controllers of cgroups of version 1 that are mounted below /sys/fs/cgroup. */
  readonly controllers: readonly string[];
  readonly fileSystems: readonly string[];
  /** The folder that nodes keep their disks in, and whether overlays cannot be made there, as on another overlay. */
  readonly cache: { readonly path: string; readonly isOverlay: boolean };
}

const OVERLAY_MAGIC = 0x794c7630;

const NAMESPACES = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'uts'];
const CONTROLLERS = ['cpu', 'cpuacct', 'cpuset', 'devices', 'memory', 'pids'];
const CAPABILITIES = { CAP_NET_ADMIN: 12n, CAP_SYS_CHROOT: 18n, CAP_SYS_ADMIN: 21n, CAP_MKNOD: 27n } as const;

/** Looks this machine over. */
export async function readHostFacts(): Promise<HostFacts> {
  const status = await readText('/proc/self/status');
  const cgroups = (await readText('/proc/self/cgroup'))
    .split('\n')
    .flatMap((line) => line.split(':')[1]?.split(',') ?? []);
  return {
    platform: platform(),
    kernel: release(),
    uid: process.getuid?.() ?? -1,
    capabilities: BigInt(`0x${/^CapEff:\s*(\w+)$/m.exec(status)?.[1] ?? '0'}`),
    namespaces: await filterPresent(NAMESPACES, (name) => `/proc/self/ns/${name}`),
    controllers: await filterPresent(
      CONTROLLERS.filter((name) => cgroups.includes(name)),
      (name) => `/sys/fs/cgroup/${name}/cgroup.procs`,
    ),
    fileSystems: (await readText('/proc/filesystems')).split('\n').map((line) => line.split('\t')[1] ?? ''),
    cache: { path: cacheDir(), isOverlay: await isOverlay(cacheDir()) },
  };
}

/** Of a folder that is not there yet, its parent decides. */
async function isOverlay(path: string): Promise<boolean> {
  try {
    return (await statfs(path)).type === OVERLAY_MAGIC;
  } catch (error) {
    if (hasCode(error, 'ENOENT') && dirname(path) !== path) return isOverlay(dirname(path));
    throw error;
  }
}

/** What real nodes need and this machine lacks, a sentence part each; empty when they can run. */
export function findMissing(facts: HostFacts): string[] {
  if (facts.platform !== 'linux') return [`Linux (this is ${facts.platform})`];
  const missing: string[] = [];
  if (facts.uid !== 0) missing.push(`root (this is user ${facts.uid})`);
  const rights = Object.entries(CAPABILITIES).filter(([, bit]) => ((facts.capabilities >> bit) & 1n) === 0n);
  if (facts.uid === 0 && rights.length > 0) {
    missing.push(`the capabilities ${rights.map(([name]) => name).join(', ')} (a container without them?)`);
  }
  const namespaces = NAMESPACES.filter((name) => !facts.namespaces.includes(name));
  if (namespaces.length > 0) missing.push(`namespaces of the kinds ${namespaces.join(', ')}`);
  const controllers = CONTROLLERS.filter((name) => !facts.controllers.includes(name));
  if (controllers.length > 0) {
    missing.push(`cgroups of version 1 below /sys/fs/cgroup, with the controllers ${controllers.join(', ')}`);
  }
  if (!facts.fileSystems.includes('overlay')) missing.push('the overlay file system (modprobe overlay)');
  if (facts.cache.isOverlay) {
    missing.push(
      `a cache folder that is no overlay itself, as ${facts.cache.path} is (SAILWRIGHT_CACHE names another)`,
    );
  }
  return missing;
}

const ADVICE = 'Simulated nodes need none of it: leave out `--nodes real:N`';

/**
 * Refuses what cannot work.
 *
 * @throws an error that names all that is missing, and what works without.
 */
export function checkHost(facts: HostFacts, nodes: number, advice = ADVICE): void {
  if (!Number.isInteger(nodes) || nodes < 1 || nodes > MOST_NODES) {
    throw new Error(`real nodes: ${nodes} is not a number of nodes: ask for 1 to ${MOST_NODES}`);
  }
  const missing = findMissing(facts);
  if (missing.length === 0) return;
  throw new Error(
    `real nodes cannot run on this machine (kernel ${facts.kernel}), which lacks:\n` +
      missing.map((one) => `  - ${one}\n`).join('') +
      advice,
  );
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

async function filterPresent(names: readonly string[], pathOf: (name: string) => string): Promise<string[]> {
  const present = await Promise.all(names.map((name) => pathExists(pathOf(name))));
  return names.filter((_, index) => present[index]);
}

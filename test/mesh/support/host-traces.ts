// What a cluster may leave behind on this machine, by what the kernel shows of it.
import { readdir, readFile, readlink } from 'node:fs/promises';

const NAMESPACES = ['net', 'mnt', 'pid', 'uts', 'ipc', 'cgroup'] as const;

/** A process and those that it started, at one moment. */
export interface ProcessTree {
  readonly root: number;
  /** Those of them that see the processes of this machine. */
  readonly outside: readonly { readonly pid: number }[];
  /** Ids of the processes, each with the time of its start, so that another process with the same id is not it. */
  readonly processes: readonly string[];
  /** Namespaces that they are in and we are not, such as `net:[4026532250]`. */
  readonly namespaces: readonly string[];
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly key: string;
  readonly isZombie: boolean;
}

/** The process and all below it. */
export async function readTree(root: number): Promise<ProcessTree> {
  const all = await readProcesses();
  const below = (pid: number): Process[] =>
    all.filter(({ parent }) => parent === pid).flatMap((child) => [child, ...below(child.pid)]);
  const tree = [...all.filter(({ pid }) => pid === root), ...below(root)];
  const ours = new Set(await readNamespaces(process.pid));
  const ownView = await readlink('/proc/self/ns/pid');
  const views = await Promise.all(tree.map(({ pid }) => readlink(`/proc/${pid}/ns/pid`).catch(() => '')));
  const theirs = (await Promise.all(tree.map(({ pid }) => readNamespaces(pid)))).flat();
  return {
    root,
    outside: tree.filter((_, index) => views[index] === ownView),
    processes: tree.map(({ key }) => key),
    namespaces: [...new Set(theirs)].filter((name) => !ours.has(name)),
  };
}

/** Which processes of a tree run, and which of its namespaces somebody is in or has mounted. */
export async function findRemains(tree: ProcessTree): Promise<string[]> {
  const all = await readProcesses();
  const alive = new Set(all.filter(({ isZombie }) => !isZombie).map(({ key }) => key));
  const used = new Set((await Promise.all(all.map(({ pid }) => readNamespaces(pid)))).flat());
  const mounts = await readFile('/proc/self/mountinfo', 'utf8');
  return [
    ...tree.processes.filter((key) => alive.has(key)),
    ...tree.namespaces.filter((name) => used.has(name) || mounts.includes(name)),
  ];
}

/** Mounts of this machine's own view that contain a text. */
export async function findMounts(text: string): Promise<string[]> {
  return (await readFile('/proc/self/mountinfo', 'utf8')).split('\n').filter((line) => line.includes(text));
}

/** Cgroups of this machine whose name holds a text, in whatever hierarchy. */
export async function findCgroups(text: string): Promise<string[]> {
  const found: string[] = [];
  for (const hierarchy of await readdir('/sys/fs/cgroup')) {
    const names = await readdir(`/sys/fs/cgroup/${hierarchy}`).catch(() => []);
    found.push(...names.filter((name) => name.includes(text)).map((name) => `${hierarchy}/${name}`));
  }
  return found;
}

async function readProcesses(): Promise<Process[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      // The name, in brackets, may hold anything; what follows it are the numbers from the third on.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (fields.length < 20) return [];
      const [state, parent] = fields;
      return [{ pid: Number(pid), parent: Number(parent), key: `${pid}@${fields[19] ?? ''}`, isZombie: state === 'Z' }];
    }),
  );
  return found.flat();
}

async function readNamespaces(pid: number): Promise<string[]> {
  const links = NAMESPACES.map((kind) => readlink(`/proc/${pid}/ns/${kind}`).catch(() => ''));
  return (await Promise.all(links)).filter((name) => name !== '');
}

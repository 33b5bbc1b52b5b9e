import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, cp, link, mkdir, readdir, rename, rm, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';

import type { Progress } from '../build-progress.ts';
import { cacheDir } from '../cache-dir.ts';
import { hasCode } from '../error-code.ts';
import { ensureMade } from '../made-once.ts';
import { pathExists } from '../path-exists.ts';
import { ServerProcess } from '../server-process.ts';
import { writeEtc } from './etc-files.ts';
import { cgroupOf } from './machine-cgroup.ts';
import { CONTAINERD, decideImportJobs, type MachinePlan } from './machine-plan.ts';
import { renderImportFiles } from './node-files.ts';
import type { NodePrograms } from './node-programs.ts';

const run = promisify(execFile);
/** They share what they have in common. */
const KEPT_STORES = 5;

/** What a store is made of. */
interface StorePlan {
  readonly programs: NodePrograms;
  readonly archives: readonly string[];
  /** A store that it begins as a copy of. */
  readonly base?: string;
}

/**
 * Returns a folder of containerd with these images unpacked, made once for each set of archives; undefined for none.
 * Unpacking takes longer than all else at the start of a node, so nodes get copies of it. The last archive is unpacked
 * upon a copy of a store of the others: name last what changes most.
 *
 * @throws when an archive cannot be read or imported.
 */
export async function ensureImageStore(
  programs: NodePrograms,
  archives: readonly string[],
  onProgress: Progress = () => undefined,
): Promise<string | undefined> {
  if (archives.length === 0) return undefined;
  const root = join(cacheDir(), 'testbed', 'images');
  const ensure = async (of: readonly string[], decide: () => Promise<StorePlan>): Promise<string> => {
    const make = async (scratch: string): Promise<void> => {
      const plan = await decide();
      onProgress(`unpacking ${plan.archives.length} images`);
      await unpack(plan, scratch);
      await deleteOldStores(root);
    };
    const folder = join(root, await hashOf(programs, of));
    await ensureMade({ folder, title: 'the images', make }, onProgress);
    await markAsUsed(folder);
    return folder;
  };
  return ensure(archives, async () => {
    const [others, last] = [archives.slice(0, -1), archives.slice(-1)];
    if (others.length === 0) return { programs, archives };
    const base = await ensure(others, () => Promise.resolve({ programs, archives: others }));
    return { programs, archives: last, base };
  });
}

/**
 * Copies a store by hard links: what containerd has unpacked it never writes to again. Its databases it does write to,
 * and they are really copied.
 */
export async function cloneImageStore(store: string, target: string): Promise<void> {
  if (await pathExists(target)) return;
  await mkdir(dirname(target), { recursive: true });
  try {
    await run('cp', ['--archive', '--link', store, target]);
  } catch {
    // The folder is on another file system.
    await rm(target, { recursive: true, force: true });
    await run('cp', ['--archive', store, target]);
    return;
  }
  for (const name of await readdir(target)) {
    for (const database of (await readdir(join(target, name))).filter((file) => file.endsWith('.db'))) {
      const path = join(target, name, database);
      await unlink(path);
      await copyFile(join(store, name, database), path);
    }
  }
}

async function unpack({ programs, archives, base }: StorePlan, store: string): Promise<void> {
  const scratch = `${store}.work`;
  const data = join(scratch, 'data');
  const logs = join(scratch, 'logs');
  await rm(scratch, { recursive: true, force: true });
  await mkdir(logs, { recursive: true });
  try {
    await writeEtc(data, renderImportFiles());
    const names = archives.map((archive, index) => `${index + 1}-${basename(archive)}`);
    await mkdir(join(data, 'lib', 'archives'), { recursive: true });
    for (const [index, archive] of archives.entries()) {
      await linkOrCopy(archive, join(data, 'lib', 'archives', names[index] ?? ''));
    }
    if (base !== undefined) await cloneImageStore(base, join(data, 'lib', 'containerd'));
    const plan: MachinePlan = {
      name: 'unpacking',
      cgroup: `${cgroupOf(scratch)}/unpacking`,
      data,
      logs,
      folders: { ...programs },
      processes: [CONTAINERD],
      jobs: decideImportJobs(names.map((name) => `/var/lib/archives/${name}`)),
    };
    await runToEnd(programs, scratch, plan);
    await rename(join(data, 'lib', 'containerd'), store);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch {
    // It is on another file system, or not there, which the copy then says.
    await cp(from, to);
  }
}

/** The stores that nobody used longest go first. */
async function markAsUsed(store: string): Promise<void> {
  const now = new Date();
  await utimes(store, now, now);
}

/** Nodes of running clusters keep what they have linked. */
async function deleteOldStores(root: string): Promise<void> {
  const stores = (await readdir(root)).filter((name) => /^[0-9a-f]+$/.test(name)).map((name) => join(root, name));
  const byAge = await Promise.all(stores.map(async (path) => ({ path, used: (await stat(path)).mtimeMs })));
  byAge.sort((one, other) => other.used - one.used);
  await Promise.all(byAge.slice(KEPT_STORES).map(({ path }) => rm(path, { recursive: true, force: true })));
}

async function runToEnd(programs: NodePrograms, folder: string, plan: MachinePlan): Promise<void> {
  const config = join(folder, 'machine.json');
  await writeFile(config, JSON.stringify(plan, null, 2));
  const machine = new ServerProcess({
    name: 'unpacking images',
    command: [join(programs.machine, 'testbed-machine'), 'machine', config],
    logFile: join(plan.logs, 'machine.log'),
    workDir: folder,
  });
  await machine.success();
}

async function hashOf(programs: NodePrograms, archives: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(basename(programs.containerd));
  for (const archive of archives) {
    try {
      await pipeline(createReadStream(archive), hash, { end: false });
    } catch (error) {
      if (hasCode(error, 'ENOENT')) throw new Error(`there is no image archive ${archive}`, { cause: error });
      throw error;
    }
  }
  return hash.digest('hex').slice(0, 20);
}

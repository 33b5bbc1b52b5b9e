import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';

import { obtainPackages, resolvePackages } from '../tools/image/debian-packages.ts';
import { runCommand } from '../tools/image/run-command.ts';
import type { Progress } from './build-progress.ts';
import { cacheDir } from './cache-dir.ts';
import { ensureMade } from './made-once.ts';
import { pathExists } from './path-exists.ts';

const PROGRAMS = ['prometheus', 'promtool'];

/**
 * Returns the folder with `prometheus` and `promtool`, out of Debian's package. Once they are in the cache, no archive is
 * asked.
 *
 * @throws where there is no apt, or no archive in reach.
 */
export async function ensurePrometheus(onProgress: Progress = () => undefined): Promise<string> {
  const folder = join(cacheDir(), 'testbed', 'prometheus');
  const make = async (scratch: string): Promise<void> => {
    const [wanted] = await resolvePackages({ withDependencies: [], alone: ['prometheus'] });
    if (wanted === undefined) throw new Error('the archive of this machine has no package prometheus');
    const [obtained] = await obtainPackages([wanted]);
    const unpacked = join(scratch, 'package');
    await mkdir(unpacked);
    await runCommand('dpkg-deb', ['--extract', obtained?.file ?? '', unpacked], { cwd: scratch });
    for (const program of PROGRAMS) await rename(join(unpacked, 'usr/bin', program), join(scratch, program));
  };
  if (!(await pathExists(folder))) onProgress('fetching Prometheus');
  return ensureMade({ folder, title: 'Prometheus', make }, onProgress);
}

/** Returns the path of `promtool`. */
export async function ensurePromtool(onProgress?: Progress): Promise<string> {
  return join(await ensurePrometheus(onProgress), 'promtool');
}

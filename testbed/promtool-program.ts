import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';

import { obtainPackages, resolvePackages } from '../tools/image/debian-packages.ts';
import { runCommand } from '../tools/image/run-command.ts';
import type { Progress } from './build-progress.ts';
import { cacheDir } from './cache-dir.ts';
import { ensureMade } from './made-once.ts';
import { pathExists } from './path-exists.ts';

/**
 * Returns the path of Prometheus' `promtool`, out of Debian's package. Once it is in the cache, no archive is asked.
 *
 * @throws where there is no apt, or no archive in reach.
 */
export async function ensurePromtool(onProgress: Progress = () => undefined): Promise<string> {
  const folder = join(cacheDir(), 'testbed', 'promtool');
  const make = async (scratch: string): Promise<void> => {
    const [wanted] = await resolvePackages({ withDependencies: [], alone: ['prometheus'] });
    if (wanted === undefined) throw new Error('the archive of this machine has no package prometheus');
    const [obtained] = await obtainPackages([wanted]);
    const unpacked = join(scratch, 'package');
    await mkdir(unpacked);
    await runCommand('dpkg-deb', ['--extract', obtained?.file ?? '', unpacked], { cwd: scratch });
    await rename(join(unpacked, 'usr/bin/promtool'), join(scratch, 'promtool'));
  };
  if (!(await pathExists(folder))) onProgress('fetching promtool');
  return join(await ensureMade({ folder, title: 'promtool', make }, onProgress), 'promtool');
}

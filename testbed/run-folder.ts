import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { cacheDir } from './cache-dir.ts';
import { isRunning } from './running.ts';

const KEPT_RUNS = 10;
let runsBegun = 0;

/** Decides on a folder named after the time and this process, and deletes old ones whose process is gone. */
export async function newRunFolder(): Promise<string> {
  const root = join(cacheDir(), 'testbed', 'runs');
  await mkdir(root, { recursive: true });
  const dead = (await readdir(root)).sort().filter((name) => !isRunning(Number(name.split('-')[1])));
  for (const name of dead.slice(0, -KEPT_RUNS)) {
    await rm(join(root, name), { recursive: true, force: true });
  }
  runsBegun += 1;
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  return join(root, `${time}-${process.pid}-${runsBegun}`);
}

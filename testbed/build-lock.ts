import { rm, stat, utimes, writeFile } from 'node:fs/promises';

import { deleteAtExit } from './delete-at-exit.ts';
import { hasCode } from './error-code.ts';
import { pause } from './wait.ts';

// The holder touches its lock this often; one that has not been touched for long belongs to nobody any more.
const TOUCH_MS = 3_000;
const STALE_MS = 30_000;

/**
 * Takes the lock file, waiting for whoever holds it, and returns what gives it back. Should two processes take over a
 * dead one's lock at the same moment, both build, and a rename at the end of a build keeps the result whole.
 */
export async function takeLock(path: string, onWait: () => void): Promise<() => Promise<void>> {
  let told = false;
  while (!(await createNew(path))) {
    if (await isStale(path)) {
      await rm(path, { force: true });
      continue;
    }
    if (!told) onWait();
    told = true;
    await pause(500);
  }
  const touch = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, TOUCH_MS);
  const forget = deleteAtExit(path);
  return async () => {
    clearInterval(touch);
    await rm(path, { force: true });
    forget();
  };
}

async function createNew(path: string): Promise<boolean> {
  try {
    await writeFile(path, `${process.pid}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

async function isStale(path: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs > STALE_MS;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

import { takeLock } from './build-lock.ts';
import type { Progress } from './build-progress.ts';
import { deleteAtExit } from './delete-at-exit.ts';
import { pathExists } from './path-exists.ts';

/** A folder that is made once and then only read. */
export interface MadeOnce {
  readonly folder: string;
  /** What it holds, for people. */
  readonly title: string;
  /** Fills an empty folder, which then becomes the one that is asked for. */
  readonly make: (scratch: string) => Promise<void>;
}

/**
 * Returns the folder, making it first when it is not there: by one process at a time, and under its name only when it is
 * complete.
 */
export async function ensureMade({ folder, title, make }: MadeOnce, onProgress: Progress): Promise<string> {
  if (await pathExists(folder)) return folder;
  await mkdir(dirname(folder), { recursive: true });
  const lockFile = `${folder}.lock`;
  const scratch = `${folder}.making-${process.pid}`;
  const unlock = await takeLock(lockFile, () =>
    onProgress(`another process makes ${title}: waiting for it to delete ${lockFile}`),
  );
  const forget = deleteAtExit(scratch);
  try {
    if (await pathExists(folder)) return folder;
    await rm(scratch, { recursive: true, force: true });
    await mkdir(scratch);
    await make(scratch);
    await rename(scratch, folder);
    return folder;
  } finally {
    await rm(scratch, { recursive: true, force: true });
    forget();
    await unlock();
  }
}

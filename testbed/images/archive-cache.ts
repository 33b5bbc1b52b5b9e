import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';

import { buildImage, writeArchive, type ImageSource } from '../../tools/image/oci-archive.ts';
import type { Progress } from '../build-progress.ts';
import { cacheDir } from '../cache-dir.ts';
import { pathExists } from '../path-exists.ts';
import { isRunning } from '../running.ts';

/** Code that decides what an archive holds, beside its inputs. */
const MAKERS = [import.meta.dirname, join(import.meta.dirname, '..', '..', 'tools', 'image')];

/** An image of the tests: what it is made from, and how. */
export interface CachedImage {
  /** Short name of its file. */
  readonly name: string;
  /** What it is made from, each by a name that changes with its content: folders of builds, hashes of packages. */
  readonly inputs: readonly string[];
  readonly make: () => Promise<ImageSource>;
}

/** Archives of each image that stay, those of other checkouts among them: they are large, and made in seconds. */
const KEPT_ARCHIVES = 3;

/** Where archives are kept. */
export function archiveFolder(): string {
  return join(cacheDir(), 'testbed', 'archives');
}

/** Returns the path of the image's archive, made first when this machine has none of these inputs. */
export async function ensureArchive({ name, inputs, make }: CachedImage, onProgress?: Progress): Promise<string> {
  return keepArchive(archiveFolder(), `${name}-${await hashOf(inputs)}`, async (path) => {
    onProgress?.(`packing the image ${name}`);
    await writeArchive(path, buildImage(await make()));
  });
}

/**
 * Returns the path of the archive NAME-HASH in a folder, written first when it is not there, and deletes those of the
 * name that nobody asked for longest. Two processes that write the same one do no harm: its name appears with the whole
 * file.
 */
export async function keepArchive(
  folder: string,
  archive: string,
  write: (path: string) => Promise<void>,
): Promise<string> {
  const path = join(folder, `${archive}.tar`);
  if (await pathExists(path)) {
    const now = new Date();
    await utimes(path, now, now);
    return path;
  }
  await mkdir(folder, { recursive: true });
  const scratch = `${path}.${process.pid}`;
  await write(scratch);
  await rename(scratch, path);
  await deleteOldest(folder, archive.slice(0, archive.lastIndexOf('-')));
  return path;
}

async function deleteOldest(folder: string, name: string): Promise<void> {
  const files = await readdir(folder);
  const archives = files.filter((file) => new RegExp(`^${name}-[0-9a-f]+\\.tar$`).test(file));
  const aged = await Promise.all(archives.map(async (file) => ({ file, asked: await lastAsked(join(folder, file)) })));
  const oldest = aged.sort((one, other) => other.asked - one.asked).slice(KEPT_ARCHIVES);
  const halfWritten = files.filter((file) => !isRunning(Number(/\.tar\.(\d+)$/.exec(file)?.[1] ?? process.pid)));
  const gone = [...oldest.map(({ file }) => file), ...halfWritten];
  await Promise.all(gone.map((file) => rm(join(folder, file), { force: true })));
}

/** When somebody last made it or asked for it; another process may just have deleted it. */
async function lastAsked(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.mtimeMs ?? 0;
}

async function hashOf(inputs: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(inputs.join('\0'));
  for (const folder of MAKERS) {
    const files = (await readdir(folder)).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
    for (const file of files.sort()) hash.update(await readFile(join(folder, file)));
  }
  return hash.digest('hex').slice(0, 20);
}

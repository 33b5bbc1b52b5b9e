import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { buildImage, writeArchive, type ImageSource } from '../../tools/image/oci-archive.ts';
import type { Progress } from '../build-progress.ts';
import { cacheDir } from '../cache-dir.ts';
import { pathExists } from '../path-exists.ts';

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

/**
 * Returns the path of the image's archive, made first when this machine has none of these inputs. Two processes that
 * make the same one do no harm: its name appears with the whole file.
 */
export async function ensureArchive({ name, inputs, make }: CachedImage, onProgress?: Progress): Promise<string> {
  const folder = join(cacheDir(), 'testbed', 'archives');
  const path = join(folder, `${name}-${await hashOf(inputs)}.tar`);
  if (await pathExists(path)) return path;
  onProgress?.(`packing the image ${name}`);
  await mkdir(folder, { recursive: true });
  const scratch = `${path}.${process.pid}`;
  await writeArchive(scratch, buildImage(await make()));
  await rename(scratch, path);
  await deleteOlder(folder, name, path);
  return path;
}

/** Of each image only the newest archive stays: they are large, and made in seconds. */
async function deleteOlder(folder: string, name: string, newest: string): Promise<void> {
  const others = (await readdir(folder)).map((file) => join(folder, file)).filter((path) => path !== newest);
  const older = others.filter((path) => path.startsWith(join(folder, `${name}-`)) && path.endsWith('.tar'));
  await Promise.all(older.map((path) => rm(path, { force: true })));
}

async function hashOf(inputs: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(inputs.join('\0'));
  for (const folder of MAKERS) {
    const files = (await readdir(folder)).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
    for (const file of files.sort()) hash.update(await readFile(join(folder, file)));
  }
  return hash.digest('hex').slice(0, 20);
}

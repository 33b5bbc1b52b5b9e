import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';

import { writeArchive } from '../../tools/image/oci-archive.ts';
import { buildOperatorImage, defaultName, readVersion } from '../../tools/image/operator-image.ts';
import { obtainForTests } from '../../tools/image/package-sets.ts';
import type { Progress } from '../build-progress.ts';
import { cacheDir } from '../cache-dir.ts';

/** Builds the operator's image of this tree, as `npm run image` does but not compressed, and returns its archive. */
export async function buildOperatorArchive(onProgress: Progress = () => undefined): Promise<string> {
  onProgress('building the image of the operator');
  const base = await obtainForTests('base', onProgress);
  const { image } = await buildOperatorImage(defaultName(await readVersion()), base, { compress: false });
  const folder = join(cacheDir(), 'testbed', 'archives');
  await mkdir(folder, { recursive: true });
  const path = join(folder, `operator-${image.digest.replace('sha256:', '').slice(0, 20)}.tar`);
  const scratch = `${path}.${process.pid}`;
  await writeArchive(scratch, image);
  await rename(scratch, path);
  return path;
}

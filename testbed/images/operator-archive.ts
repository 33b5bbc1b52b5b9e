import { writeArchive } from '../../tools/image/oci-archive.ts';
import { buildOperatorImage, defaultName, readVersion } from '../../tools/image/operator-image.ts';
import { obtainForTests } from '../../tools/image/package-sets.ts';
import type { Progress } from '../build-progress.ts';
import { archiveFolder, keepArchive } from './archive-cache.ts';

/** Builds the operator's image of this tree, as `npm run image` does but not compressed, and returns its archive. */
export async function buildOperatorArchive(onProgress: Progress = () => undefined): Promise<string> {
  onProgress('building the image of the operator');
  const base = await obtainForTests('base', onProgress);
  const { image } = await buildOperatorImage(defaultName(await readVersion()), base, { compress: false });
  const hash = image.digest.replace('sha256:', '').slice(0, 20);
  return keepArchive(archiveFolder(), `operator-${hash}`, (path) => writeArchive(path, image));
}

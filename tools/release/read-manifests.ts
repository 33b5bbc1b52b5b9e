import { join } from 'node:path';
import { readManifests as readFrom, type Manifest } from '../../src/cli/install/read-config.ts';

export type { Manifest };
export const CONFIG = join(import.meta.dirname, '../../config');

/** The objects of a folder of config/, in the order of its kustomization. */
export function readManifests(folder: string): Manifest[] {
  return readFrom(CONFIG, folder);
}

import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { FileTree } from '../tools/image/file-tree.ts';

/** Says where below a folder a path of the tree goes; undefined for what nobody needs. */
export type PlaceOf = (path: string) => string | undefined;

/** Writes what has a place. Links lead to files beside them, whatever folder they led to before. */
export async function writePlaced(tree: FileTree, folder: string, placeOf: PlaceOf): Promise<void> {
  for (const [path, entry] of tree) {
    const place = placeOf(path);
    if (place === undefined || entry.kind === 'directory') continue;
    const target = join(folder, place);
    await mkdir(dirname(target), { recursive: true });
    if (entry.kind === 'link') await symlink(entry.target.slice(entry.target.lastIndexOf('/') + 1), target);
    else await writeFile(target, entry.data, { mode: entry.mode });
  }
}

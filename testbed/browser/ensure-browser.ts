import { chmod, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

import { errorText } from '../../src/core/error-text.ts';
import { obtainPackages, resolvePackages } from '../../tools/image/debian-packages.ts';
import type { FileTree } from '../../tools/image/file-tree.ts';
import { readPackageFiles } from '../../tools/image/package-files.ts';
import type { Progress } from '../build-progress.ts';
import { cacheDir } from '../cache-dir.ts';
import { ensureMade } from '../made-once.ts';
import { pathExists } from '../path-exists.ts';
import { writePlaced } from '../write-placed.ts';

const INSTALLED = ['chromium', 'chromium-browser', 'google-chrome', 'chrome', 'chromium-headless-shell'];
const PACKAGE = 'chromium-headless-shell';
const FONTS = 'fonts-liberation';

const FILE = /^usr\/lib\/chromium\/(.+)$/;
/** Without the compiler of graphics drivers, a third of all: nothing is drawn by one. */
const LIBRARY = /^(?:usr\/)?lib\/[^/]+\/(?:(?:nss|pulseaudio)\/)?(lib(?!LLVM|z3)[^/]*\.so[^/]*)$/;
const FONT = /^usr\/share\/fonts\/.*\/([^/]+\.ttf)$/;

/**
 * A Chromium to look at pages with: an installed one, else one that is unpacked from Debian's packages, once for this
 * machine. Nothing is installed.
 *
 * @throws when there is none and none can be had.
 */
export async function ensureBrowser(onProgress: Progress = () => undefined): Promise<string> {
  const installed = await findInstalled();
  if (installed !== undefined) return installed;
  const folder = join(cacheDir(), 'testbed', 'chromium');
  await ensureMade({ folder, title: 'Chromium', make: (scratch) => obtain(scratch, onProgress) }, onProgress);
  return join(folder, 'browser');
}

async function findInstalled(): Promise<string | undefined> {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  for (const name of INSTALLED) {
    for (const folder of folders) {
      if (await pathExists(join(folder, name))) return join(folder, name);
    }
  }
  return undefined;
}

async function obtain(folder: string, onProgress: Progress): Promise<void> {
  onProgress('no Chromium is installed: unpacking one from Debian packages');
  try {
    const needed = await resolvePackages({ withDependencies: [PACKAGE], alone: [FONTS] });
    // The C library must be the one that this machine's loader belongs to.
    const packages = await obtainPackages(needed.filter(({ name }) => name !== 'libc6'));
    await unpack(await readPackageFiles(packages, (path) => placeOf(path) !== undefined), folder);
  } catch (error) {
    throw new Error(`pages are tested in Chromium: install the package chromium (${errorText(error)})`, {
      cause: error,
    });
  }
}

/** Where a file of the packages goes; undefined for what nobody needs. */
function placeOf(path: string): string | undefined {
  for (const [pattern, folder] of [
    [FILE, 'chromium'],
    [LIBRARY, 'lib'],
    [FONT, 'fonts'],
  ] as const) {
    const name = pattern.exec(path)?.[1];
    if (name !== undefined) return join(folder, name);
  }
  return undefined;
}

async function unpack(tree: FileTree, folder: string): Promise<void> {
  await writePlaced(tree, folder, placeOf);
  await writeFile(join(folder, 'browser'), WRAPPER);
  await chmod(join(folder, 'browser'), 0o755);
}

/** For families that are not there, such as system-ui, in place of whichever file comes first. */
const DEFAULT_FONT = '<match><edit name="family" mode="append_last"><string>Liberation Sans</string></edit></match>';

/** Starts it, wherever its folder is, with the libraries and fonts that came with it. */
const WRAPPER = `#!/bin/sh
here=$(cd "$(dirname "$0")" && pwd)
printf '<fontconfig><dir>%s/fonts</dir><cachedir>%s/font-cache</cachedir>%s</fontconfig>' "$here" "$here" '${DEFAULT_FONT}' > "$here/fonts.conf"
FONTCONFIG_FILE=$here/fonts.conf LD_LIBRARY_PATH=$here/lib exec "$here/chromium/${PACKAGE}" "$@"
`;

import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';

import { errorText } from '../../src/core/error-text.ts';
import { obtainPackages, resolvePackages } from '../../tools/image/debian-packages.ts';
import type { FileTree } from '../../tools/image/file-tree.ts';
import { readPackageFiles } from '../../tools/image/package-files.ts';
import type { Progress } from '../build-progress.ts';
import { cacheDir } from '../cache-dir.ts';
import { ensureMade } from '../made-once.ts';
import { pathExists } from '../path-exists.ts';

const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];
const LIBRARIES = /^usr\/lib\/[^/]+\/lib[^/]*\.so[^/]*$/;

/** Starts nft, wherever its folder is, with the libraries that came with it. */
const WRAPPER = `#!/bin/sh
here=$(dirname "$0")
LD_LIBRARY_PATH=$here/lib exec "$here/bin/nft" "$@"
`;

/**
 * Returns a folder with nft, which kube-proxy runs, unpacked from Debian's packages; undefined where this machine has
 * it installed. Nothing is installed.
 *
 * @throws when there is none and none can be had.
 */
export async function ensureFirewallTools(onProgress: Progress = () => undefined): Promise<string | undefined> {
  if (await isInstalled('nft')) return undefined;
  const folder = join(cacheDir(), 'testbed', 'nftables');
  return ensureMade({ folder, title: 'nft', make: (scratch) => obtain(scratch, onProgress) }, onProgress);
}

async function obtain(folder: string, onProgress: Progress): Promise<void> {
  onProgress('nft is not installed: unpacking it from Debian packages');
  try {
    const needed = await resolvePackages({ withDependencies: ['nftables'], alone: [] });
    // The C library must be the one that this machine's loader belongs to.
    const packages = await obtainPackages(needed.filter(({ name }) => name !== 'libc6'));
    await unpack(await readPackageFiles(packages, isWanted), folder);
  } catch (error) {
    const hint = 'real nodes need nft 1.0.1 or newer, and it is not installed: install the package nftables';
    throw new Error(`${hint} (${errorText(error)})`, { cause: error });
  }
}

function isWanted(path: string): boolean {
  return path === 'usr/sbin/nft' || LIBRARIES.test(path);
}

async function unpack(tree: FileTree, folder: string): Promise<void> {
  for (const [path, entry] of tree) {
    if (!isWanted(path) || entry.kind === 'directory') continue;
    const target = path.startsWith('usr/sbin/') ? join(folder, 'bin', 'nft') : join(folder, 'lib', nameOf(path));
    await mkdir(dirname(target), { recursive: true });
    if (entry.kind === 'link') await symlink(nameOf(entry.target), target);
    else await writeFile(target, entry.data, { mode: entry.mode });
  }
  await writeFile(join(folder, 'nft'), WRAPPER);
  await chmod(join(folder, 'nft'), 0o755);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

async function isInstalled(command: string): Promise<boolean> {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...SYSTEM_FOLDERS];
  const found = await Promise.all(folders.map((folder) => pathExists(join(folder, command))));
  return found.includes(true);
}

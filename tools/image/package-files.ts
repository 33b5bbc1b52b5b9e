import { lstat, mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import type { ObtainedPackage } from './debian-packages.ts';
import { EXECUTABLE, fileEntry, READABLE, type FileTree, type TreeEntry } from './file-tree.ts';
import { runCommand } from './run-command.ts';

/**
 * Files of Debian's packages that `keep` picks by their path, each below `usr` as in every present release, the
 * packages' copyright files, and what scanners find the packages by.
 */
export async function readPackageFiles(
  packages: readonly ObtainedPackage[],
  keep: (path: string) => boolean,
): Promise<FileTree> {
  const folder = await mkdtemp(join(tmpdir(), 'sailwright-packages-'));
  const tree = new Map<string, TreeEntry>();
  try {
    for (const { name, file } of packages) {
      await runCommand('dpkg-deb', ['-x', file, join(folder, name)]);
      for (const [path, entry] of await readFolder(join(folder, name), (path) => keep(path) || isLegal(path))) {
        tree.set(path, entry);
      }
      tree.set(`var/lib/dpkg/status.d/${name}`, fileEntry(await runCommand('dpkg-deb', ['-f', file])));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return tree;
}

/** Folders that are links in every release by now, wherever a package still has its files. */
const MERGED = ['bin', 'lib', 'lib64', 'sbin'];

/** The links that let programs find what older packages have beside `usr`. */
export function mergedFolders(): FileTree {
  return new Map(MERGED.map((name) => [name, { kind: 'link', target: `usr/${name}` }]));
}

/** Licences, which may come as a link to another package's folder. */
function isLegal(path: string): boolean {
  return /^usr\/share\/(?:doc\/[^/]+(?:\/copyright)?|common-licenses\/[^/]+)$/.test(path);
}

async function readFolder(root: string, keep: (path: string) => boolean): Promise<[string, TreeEntry][]> {
  const found: [string, TreeEntry][] = [];
  for (const item of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (item.isDirectory()) continue;
    const file = join(item.parentPath, item.name);
    const path = relative(root, file).replace(/^(?=(?:bin|lib|lib64|sbin)\/)/, 'usr/');
    if (keep(path)) found.push([path, await readEntry(file)]);
  }
  return found;
}

async function readEntry(file: string): Promise<TreeEntry> {
  const status = await lstat(file);
  if (status.isSymbolicLink()) return { kind: 'link', target: await readlink(file) };
  return fileEntry(await readFile(file), status.mode & 0o100 ? EXECUTABLE : READABLE);
}

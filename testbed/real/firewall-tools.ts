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

const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** The one binary of all of iptables' programs; its first argument says which. */
const IPTABLES = 'xtables-nft-multi';
const BINARIES = ['nft', IPTABLES].map((name) => `usr/sbin/${name}`);
const LIBRARIES = /^usr\/lib\/[^/]+\/((?:xtables\/)?lib[^/]*\.so[^/]*)$/;

/** Programs of nodes, and what starts each: nft for kube-proxy, iptables for Istio's CNI plugin. */
const PROGRAMS = new Map([
  ['nft', 'nft'],
  ...['iptables', 'ip6tables']
    .flatMap((name) => [name, `${name}-save`, `${name}-restore`])
    .map((name): [string, string] => [name, `${IPTABLES}" "${name}`]),
]);

/** Starts a program, wherever its folder is, with the libraries that came with it. */
function renderWrapper(command: string): string {
  return `#!/bin/sh
here=$(dirname "$0")
XTABLES_LIBDIR=$here/lib/xtables LD_LIBRARY_PATH=$here/lib exec "$here/bin/${command}" "$@"
`;
}

/**
 * Returns a folder with nft and iptables, unpacked from Debian's packages; undefined where this machine has both of them
 * installed. Nothing is installed.
 *
 * @throws when one is missing and cannot be had.
 */
export async function ensureFirewallTools(onProgress: Progress = () => undefined): Promise<string | undefined> {
  if ((await isInstalled('nft')) && (await isInstalled('iptables'))) return undefined;
  const folder = join(cacheDir(), 'testbed', 'firewall');
  return ensureMade({ folder, title: 'nft and iptables', make: (scratch) => obtain(scratch, onProgress) }, onProgress);
}

async function obtain(folder: string, onProgress: Progress): Promise<void> {
  onProgress('nft and iptables are not both installed: unpacking them from Debian packages');
  try {
    const needed = await resolvePackages({ withDependencies: ['nftables', 'iptables'], alone: [] });
    // The C library must be the one that this machine's loader belongs to.
    const packages = await obtainPackages(needed.filter(({ name }) => name !== 'libc6'));
    await unpack(await readPackageFiles(packages, (path) => placeOf(path) !== undefined), folder);
  } catch (error) {
    const hint = 'real nodes need nft 1.0.1 or newer and iptables: install the packages nftables and iptables';
    throw new Error(`${hint} (${errorText(error)})`, { cause: error });
  }
}

/** Where a file of the packages goes; undefined for what nobody needs. */
function placeOf(path: string): string | undefined {
  if (BINARIES.includes(path)) return join('bin', nameOf(path));
  const [, library] = LIBRARIES.exec(path) ?? [];
  return library === undefined ? undefined : join('lib', library);
}

async function unpack(tree: FileTree, folder: string): Promise<void> {
  await writePlaced(tree, folder, placeOf);
  for (const [name, command] of PROGRAMS) {
    await writeFile(join(folder, name), renderWrapper(command));
    await chmod(join(folder, name), 0o755);
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

async function isInstalled(command: string): Promise<boolean> {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...SYSTEM_FOLDERS];
  const found = await Promise.all(folders.map((folder) => pathExists(join(folder, command))));
  return found.includes(true);
}

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

import {
  debianArchitecture,
  obtainPackages,
  resolvePackages,
  type DebianPackage,
  type ObtainedPackage,
  type Selection,
} from './debian-packages.ts';
import { fileEntry, mergeTrees, type FileTree, type TreeEntry } from './file-tree.ts';
import { mergedFolders, readPackageFiles } from './package-files.ts';

const LOCK_FILE = join(import.meta.dirname, 'base-lock.json');

const lockSchema = z.record(
  z.string(),
  z.array(z.strictObject({ name: z.string(), version: z.string(), sha256: z.string() })),
);

/** What a program of C++ needs to run and to reach others: its libraries and the authorities it trusts. */
const BASE: Selection = { withDependencies: ['libstdc++6'], alone: ['base-files', 'ca-certificates'] };

/** Without a shell, an account for nobody but the one that runs: numbers, which Kubernetes checks `runAsNonRoot` by. */
export const USER = 65532;

/**
 * The locked packages of the base.
 *
 * @throws when there are none for this machine's architecture, or they cannot be had.
 */
export async function obtainLockedBase(): Promise<ObtainedPackage[]> {
  const architecture = debianArchitecture();
  const locked = (await readLock())[architecture];
  if (locked === undefined) {
    throw new Error(
      `tools/image/base-lock.json has no packages for ${architecture}: npm run image -- --renew-base adds them`,
    );
  }
  return obtainPackages(locked);
}

/** The packages of the base as this machine's archive has them now; for tests, which must not wait for a new lock. */
export async function obtainCurrentBase(): Promise<ObtainedPackage[]> {
  return obtainPackages(await resolvePackages(BASE));
}

/** Locks what the archive has now, for this machine's architecture, and returns it. */
export async function renewLock(): Promise<readonly DebianPackage[]> {
  const packages = await resolvePackages(BASE);
  const lock = { ...(await readLock()), [debianArchitecture()]: packages };
  await writeFile(LOCK_FILE, `${JSON.stringify(lock, undefined, 2)}\n`);
  return packages;
}

async function readLock(): Promise<Readonly<Record<string, readonly DebianPackage[]>>> {
  return lockSchema.parse(JSON.parse(await readFile(LOCK_FILE, 'utf8')));
}

/** The file system below a program: libraries, authorities, names of users, a folder for temporary files. */
export async function readBaseSystem(packages: readonly ObtainedPackage[]): Promise<FileTree> {
  const files = new Map(await readPackageFiles(packages, isNeeded));
  const authorities = [...files.keys()].filter((path) => path.endsWith('.crt')).sort();
  const bundle = authorities.map((path) => textOf(files.get(path)));
  for (const path of authorities) files.delete(path);
  return mergeTrees(
    files,
    mergedFolders(),
    accounts(),
    new Map([['etc/ssl/certs/ca-certificates.crt', fileEntry(bundle.join(''))]]),
  );
}

/** Of the C library only what programs link to, not its debugging aids and tables of character sets. */
function isNeeded(path: string): boolean {
  return (
    /^usr\/lib(?:64|\/[^/]+)\/(?:ld-linux|lib(?:c|m|dl|rt|pthread|resolv|nss_dns|nss_files|gcc_s|stdc\+\+|atomic)\.so)[^/]*$/.test(
      path,
    ) || /^(?:etc|usr\/lib)\/os-release$|^usr\/share\/ca-certificates\/.*\.crt$/.test(path)
  );
}

function accounts(): FileTree {
  const folder = (mode: number): TreeEntry => ({ kind: 'directory', mode });
  return new Map([
    [
      'etc/passwd',
      fileEntry(`root:x:0:0:root:/root:/sbin/nologin\nsailwright:x:${USER}:${USER}::/app:/sbin/nologin\n`),
    ],
    ['etc/group', fileEntry(`root:x:0:\nsailwright:x:${USER}:\n`)],
    ['etc/nsswitch.conf', fileEntry('passwd: files\ngroup: files\nhosts: files dns\n')],
    ['tmp', folder(0o1777)],
  ]);
}

function textOf(entry: TreeEntry | undefined): string {
  return entry?.kind === 'file' ? entry.data.toString('utf8') : '';
}

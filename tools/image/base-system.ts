import type { ObtainedPackage } from './debian-packages.ts';
import { fileEntry, mergeTrees, type FileTree, type TreeEntry } from './file-tree.ts';
import { mergedFolders, readPackageFiles } from './package-files.ts';

/** An account, whose group has the same name and number. */
export interface Account {
  readonly name: string;
  readonly id: number;
}

/** The file system below a program: libraries, authorities, root and one more user, a folder for temporary files. */
export async function readBaseSystem(packages: readonly ObtainedPackage[], user: Account): Promise<FileTree> {
  const files = new Map(await readPackageFiles(packages, isNeeded));
  const authorities = [...files.keys()].filter((path) => path.endsWith('.crt')).sort();
  const bundle = authorities.map((path) => textOf(files.get(path)));
  for (const path of authorities) files.delete(path);
  return mergeTrees(
    files,
    mergedFolders(),
    accounts(user),
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

function accounts({ name, id }: Account): FileTree {
  return new Map<string, TreeEntry>([
    ['etc/passwd', fileEntry(`root:x:0:0:root:/root:/sbin/nologin\n${name}:x:${id}:${id}::/:/sbin/nologin\n`)],
    ['etc/group', fileEntry(`root:x:0:\n${name}:x:${id}:\n`)],
    ['etc/nsswitch.conf', fileEntry('passwd: files\ngroup: files\nhosts: files dns\n')],
    ['tmp', { kind: 'directory', mode: 0o1777 }],
  ]);
}

function textOf(entry: TreeEntry | undefined): string {
  return entry?.kind === 'file' ? entry.data.toString('utf8') : '';
}

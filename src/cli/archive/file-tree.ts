import { posix } from 'node:path';

/** What stands at a path of an image's file system. All of it belongs to root and is as old as the epoch. */
export type TreeEntry =
  | { readonly kind: 'file'; readonly mode: number; readonly data: Buffer }
  | { readonly kind: 'directory'; readonly mode: number }
  | { readonly kind: 'link'; readonly target: string };

/** Files by their path from the root, such as `usr/bin/node`. */
export type FileTree = ReadonlyMap<string, TreeEntry>;

export const READABLE = 0o644;
export const EXECUTABLE = 0o755;

export function fileEntry(data: Buffer | string, mode = READABLE): TreeEntry {
  return { kind: 'file', mode, data: Buffer.from(data) };
}

/** One tree of several; a path that two of them fill differently is an error. */
export function mergeTrees(...trees: readonly FileTree[]): FileTree {
  const merged = new Map<string, TreeEntry>();
  for (const [path, entry] of trees.flatMap((tree) => [...tree])) {
    const present = merged.get(path);
    if (present !== undefined && !isSame(present, entry)) throw new Error(`two parts of an image hold ${path}`);
    merged.set(path, entry);
  }
  return merged;
}

function isSame(one: TreeEntry, other: TreeEntry): boolean {
  if (one.kind === 'file' && other.kind === 'file') return one.mode === other.mode && one.data.equals(other.data);
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The tree in the order of its paths, with every folder that only a path implies. */
export function listEntries(tree: FileTree): [path: string, entry: TreeEntry][] {
  const all = new Map(tree);
  for (const path of tree.keys()) {
    for (let folder = posix.dirname(path); folder !== '.'; folder = posix.dirname(folder)) {
      if (!all.has(folder)) all.set(folder, { kind: 'directory', mode: EXECUTABLE });
    }
  }
  return [...all].sort(([one], [other]) => (one < other ? -1 : 1));
}

/** Bytes of all files. */
export function sizeOf(tree: FileTree): number {
  return [...tree.values()].reduce((sum, entry) => sum + (entry.kind === 'file' ? entry.data.length : 0), 0);
}

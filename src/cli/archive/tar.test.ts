import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

import { fileEntry, mergeTrees, type FileTree, type TreeEntry } from './file-tree.ts';
import { packTar } from './tar.ts';

/** What the machine's own tar finds in the archive. */
function list(archive: Buffer): string[] {
  const { stdout, stderr } = spawnSync('tar', ['-tv', '--numeric-owner', '--utc', '-f', '-'], {
    input: archive,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.replace(/ +/g, ' '));
}

const LONG = `usr/share/${'a'.repeat(80)}/${'b'.repeat(90)}`;

describe('a tar archive', () => {
  it('holds files, links and folders, of root and without a time', () => {
    const tree: FileTree = new Map<string, TreeEntry>([
      ['usr/bin/node', fileEntry('12345', 0o755)],
      ['bin', { kind: 'link', target: 'usr/bin' }],
      ['tmp', { kind: 'directory', mode: 0o1777 }],
    ]);
    expect(list(packTar(tree))).toEqual([
      'lrwxrwxrwx 0/0 0 1970-01-01 00:00 bin -> usr/bin',
      'drwxrwxrwt 0/0 0 1970-01-01 00:00 tmp/',
      'drwxr-xr-x 0/0 0 1970-01-01 00:00 usr/',
      'drwxr-xr-x 0/0 0 1970-01-01 00:00 usr/bin/',
      '-rwxr-xr-x 0/0 5 1970-01-01 00:00 usr/bin/node',
    ]);
  });

  it('does not depend on the order of the tree', () => {
    const entries: [string, TreeEntry][] = [
      ['b', fileEntry('2')],
      ['a/c', fileEntry('1')],
      ['a', { kind: 'directory', mode: 0o700 }],
    ];
    expect(packTar(new Map(entries.toReversed()))).toEqual(packTar(new Map(entries)));
  });

  it.each([511, 512, 513])('brings back a file of %i bytes', (size) => {
    const data = Buffer.alloc(size, 'x');
    const archive = packTar(
      new Map([
        ['one', fileEntry(data)],
        ['two', fileEntry('after it')],
      ]),
    );
    expect(archive.length % 512).toBe(0);
    const read = (path: string): Buffer => spawnSync('tar', ['-xOf', '-', path], { input: archive }).stdout;
    expect(read('one')).toEqual(data);
    expect(read('two').toString()).toBe('after it');
  });

  it('holds paths that are longer than one field', () => {
    expect(list(packTar(new Map([[LONG, fileEntry('')]]))).at(-1)).toContain(LONG);
  });

  it.each([
    ['a path', { [`${'a'.repeat(101)}`]: fileEntry('') }],
    ['a target', { a: { kind: 'link', target: 'b'.repeat(101) } as const }],
  ])('refuses %s that fits nowhere', (_, tree) => {
    expect(() => packTar(new Map(Object.entries<TreeEntry>(tree)))).toThrow(/longer than the 100 bytes/);
  });
});

describe('trees become one', () => {
  const tree = (text: string): FileTree => new Map([['etc/passwd', fileEntry(text)]]);

  it('when they say the same of a path', () => {
    expect(mergeTrees(tree('a'), tree('a'))).toEqual(tree('a'));
  });

  it('and not when they contradict each other', () => {
    expect(() => mergeTrees(tree('a'), tree('b'))).toThrow('two parts of an image hold etc/passwd');
  });
});

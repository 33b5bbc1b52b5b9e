import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runSailwright } from '../../test/builders/run-sailwright.ts';

const MANY = 100_000;
const folder = mkdtempSync(join(tmpdir(), 'sailwright-bad-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n';
const GOOD = file('good.yaml', 'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: {name: a}\n');
mkdirSync(join(folder, 'folder.yaml'));

/** Every way in which a command takes a file. */
const READERS: [title: string, args: (path: string) => string[]][] = [
  ['manifest generate -f', (path) => ['manifest', 'generate', '-f', path]],
  ['manifest diff', (path) => ['manifest', 'diff', GOOD, path]],
  ['manifest diff -f', (path) => ['manifest', 'diff', '-f', path]],
  ['inject -f', (path) => ['inject', '-f', path]],
  ['inject --config', (path) => ['inject', '-f', GOOD, '--config', path]],
  ['inject --explain -f', (path) => ['inject', '--explain', '-f', path]],
  ['validate -f', (path) => ['validate', '-f', path]],
  ['analyze -f', (path) => ['analyze', '-f', path]],
  ['authn tls-check -f', (path) => ['authn', 'tls-check', 'a.b', '-f', path]],
  ['analyze --mesh-config', (path) => ['analyze', '-f', GOOD, '--mesh-config', path]],
];

function billion(): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < 10; i++)
    lines.push(
      `a${i}: &a${i} [${Array(9)
        .fill(`*a${i - 1}`)
        .join(', ')}]`,
    );
  return `${POD}${lines.join('\n')}\n`;
}

/** What nobody can read, and where the error is: a line, or the file. */
const UNREADABLE: [title: string, path: string, says: RegExp][] = [
  ['a file that is not there', join(folder, 'none.yaml'), /none\.yaml: cannot be read: there is no such file/],
  ['bytes', file('bytes.yaml', Buffer.from([0x89, 0x50, 0, 1, 2, 254, 255])), /bytes\.yaml:1: is no text in UTF-8/],
  ['Latin-1', file('latin.yaml', Buffer.from(`${POD}a: caf\xe9\n`, 'latin1')), /latin\.yaml:4: is no text in UTF-8/],
  ['UTF-16', file('wide.yaml', Buffer.from(`\ufeff${POD}`, 'utf16le')), /wide\.yaml:1: is no text in UTF-8/],
  [
    'an alias to what it is in',
    file('circle.yaml', 'apiVersion: v1\nkind: Pod\nmetadata: &a {b: *a}\n'),
    /circle\.yaml:\d+: /,
  ],
  ['aliases that multiply', file('billion.yaml', billion()), /billion\.yaml:\d+: aliases .* write them out/],
  [
    '10,000 aliases',
    file('aliases.yaml', `${POD}x: &a {q: 1}\ny: [${Array(10_000).fill('*a').join(', ')}]\n`),
    /aliases\.yaml:\d+: aliases/,
  ],
  [
    'nested lists',
    file('lists.yaml', `${POD}spec: ${'['.repeat(MANY)}${']'.repeat(MANY)}\n`),
    /lists\.yaml:\d+: .*nested/,
  ],
  [
    'nested maps',
    file('maps.yaml', `${POD}spec: ${'{a: '.repeat(MANY)}${'}'.repeat(MANY)}\n`),
    /maps\.yaml:\d+: .*nested/,
  ],
  [
    'nested JSON',
    file('deep.json', `{"kind":"Pod","a":${'['.repeat(MANY)}${']'.repeat(MANY)}}`),
    /deep\.json:\d+: .*nested/,
  ],
  ['nested items', file('items.yaml', `${POD}spec:\n  ${'- '.repeat(MANY)}x\n`), /items\.yaml:\d+: .*nested/],
  ['a list that does not end', file('open.yaml', `${POD}spec: [1,\n`), /open\.yaml:\d+: /],
  ['a key twice', file('twice.yaml', `${POD}kind: Pod\n`), /twice\.yaml:4: /],
];

describe.each(READERS)('%s', (_title, args) => {
  it.each(UNREADABLE)(
    'tells in a line of %s',
    async (_what, path, says) => {
      const { code, out, err } = await runSailwright(args(path));
      expect(code === 1 || code === 2).toBe(true);
      expect(err).toMatch(says);
      expect(err).not.toMatch(/fault of Sailwright|^\s+at /m);
      expect(err.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
      // The summary of `validate` is no result.
      expect(out.replace(/^resources: 0.*\n$/, '')).toBe('');
    },
    60_000,
  );
});

describe('a folder', () => {
  const READS_FOLDERS = ['validate -f', 'analyze -f', 'authn tls-check -f'];
  it.each(READERS)(
    '%s reads what is in it, or says that it wants a file',
    async (title, args) => {
      const { err } = await runSailwright(args(join(folder, 'folder.yaml')));
      if (READS_FOLDERS.includes(title)) expect(err).not.toMatch(/folder\.yaml/);
      else expect(err).toMatch(/folder\.yaml: cannot be read: it is a directory: name a file in it/);
    },
    60_000,
  );
});

describe('what is large or odd and can be read', () => {
  const documents = Array.from(
    { length: 20_000 },
    (_, i) => `---\napiVersion: v1\nkind: Pod\nmetadata: {name: p${i}}\n`,
  );
  const DONE: [title: string, path: string][] = [
    ['an alias', file('alias.yaml', `${POD}x: &a {q: 1}\ny: [*a, *a]\n`)],
    ['20,000 documents', file('documents.yaml', documents.join(''))],
    ['a line of five megabytes', file('line.yaml', `${POD}x: '${'x'.repeat(5_000_000)}'\n`)],
    ['keys that objects have by themselves', file('proto.yaml', `${POD}__proto__: {a: 1}\nconstructor: 1\n`)],
    ['keys that are lists', file('keys.yaml', `${POD}? [a, b]\n: c\n`)],
    ['nothing', file('empty.yaml', '')],
    ['a mark of the order of bytes', file('bom.yaml', `\ufeff${POD}`)],
  ];
  it.each(DONE)(
    '%s: is read',
    async (_what, path) => {
      const { code, err } = await runSailwright(['validate', '-f', path]);
      expect({ code, err }).toEqual({ code: 0, err: '' });
    },
    120_000,
  );
});

import { expect, it } from 'vitest';
import { readGuide, type Action } from './read-guide.ts';

const read = (...lines: string[]): Action[] => readGuide('g.md', lines.join('\n')).steps.map(({ action }) => action);

it.each<[what: string, lines: string[], action: Action]>([
  ['runs commands', ['```sh', 'ls', '```'], { kind: 'shell', script: 'ls\n' }],
  ['runs what stands in a list', ['- a', '', '  ```sh', '  ls', '  ```'], { kind: 'shell', script: 'ls\n' }],
  ['runs what nobody sees', ['<!-- run', 'ls', 'pwd', '-->'], { kind: 'shell', script: 'ls\npwd' }],
  [
    'expects a refusal',
    ['<!-- refused: no rights -->', '', '```sh', 'ls', '```'],
    { kind: 'shell', script: 'ls\n', refusal: 'no rights' },
  ],
  [
    'applies whole objects',
    ['```yaml', 'apiVersion: v1', 'kind: Namespace', '```'],
    { kind: 'hand', command: expect.stringContaining('apply') as string, text: 'apiVersion: v1\nkind: Namespace\n' },
  ],
  [
    'hands a part to a command',
    ['<!-- with: cat $BLOCK -->', '```yaml', 'a: 1', '```'],
    { kind: 'hand', command: 'cat $BLOCK', text: 'a: 1\n' },
  ],
  [
    'expects a warning',
    ['<!-- with: cat $BLOCK -->', '<!-- warned: old -->', '```yaml', 'a: 1', '```'],
    { kind: 'hand', command: 'cat $BLOCK', text: 'a: 1\n', warning: 'old' },
  ],
  ['makes a file', ['<!-- as: a.yaml -->', '```yaml', 'a: 1', '```'], { kind: 'save', name: 'a.yaml', text: 'a: 1\n' }],
  ['compares what is printed', ['```text', 'a', '```'], { kind: 'output', text: 'a\n' }],
  ['leaves out what says why', ['<!-- not run: no x -->', '```sh', 'x', '```'], { kind: 'none', why: 'no x' }],
  [
    'follows a session',
    ['```console', '$ a \\', '  b', 'said', 'more', '$ c', '```'],
    {
      kind: 'session',
      entries: [
        { command: 'a \\\n  b', output: 'said\nmore\n' },
        { command: 'c', output: '' },
      ],
    },
  ],
])('%s', (_what, lines, action) => {
  expect(read(...lines)).toEqual([action]);
});

it('leaves out a whole guide that says why', () => {
  expect(read('<!-- no block is run: another test -->', '```ts', 'x', '```')).toEqual([
    { kind: 'none', why: 'another test' },
  ]);
});

it.each<[what: string, lines: string[], error: string]>([
  ['a part of YAML', ['```yaml', 'spec: {}', '```'], 'g.md:1: this block is not run and does not say why'],
  ['another language', ['a', '```ts', 'x', '```'], 'g.md:2: this block is not run and does not say why'],
  ['a marker that is none', ['<!-- notrun: x -->', '```sh', 'x', '```'], 'g.md:1: <!-- notrun: x is no marker'],
  ['a marker before nothing', ['<!-- refused: x -->', 'a'], 'g.md:1: no block comes after this'],
  ['a block that is open', ['```sh', 'x'], 'g.md:1: this is not closed'],
])('refuses %s', (_what, lines, error) => {
  expect(() => read(...lines)).toThrow(error);
});

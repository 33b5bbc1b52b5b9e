import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readObjects } from './read-documents.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sailwright-read-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

describe('reading objects from files', () => {
  it('tells the line of a field, or of what is nearest above it', () => {
    const file = write('a.yaml', 'kind: A\n---\nkind: B\nspec:\n  hosts:\n  - one\n  - two\n');
    const [, second] = readObjects([file]).objects;
    expect(second?.index).toBe(1);
    expect(second?.lineOf('spec.hosts[1]')).toBe(7);
    expect(second?.lineOf('spec.hosts')).toBe(5);
    expect(second?.lineOf('spec.http[3].match')).toBe(4);
  });

  it('takes the items of a List as objects of their own', () => {
    const file = write('list.yaml', 'kind: List\nitems:\n- kind: A\n- kind: B\n  spec: {a: 1}\n');
    const { objects } = readObjects([file]);
    expect(objects.map(({ value }) => value.kind)).toEqual(['A', 'B']);
    expect(objects[1]?.lineOf('spec.a')).toBe(5);
  });

  it('reads directories in order and only files of YAML and JSON', () => {
    write('b.yml', 'kind: B\n');
    write('a.json', '{"kind": "A"}');
    write('notes.txt', 'kind: C\n');
    expect(readObjects([folder]).objects.map(({ value }) => value.kind)).toEqual(['A', 'B']);
  });

  it.each([
    ['broken.yaml', 'kind: A\nspec: [1,\n', /broken\.yaml:\d+: /],
    ['plain.yaml', 'just text\n', /plain\.yaml: document 1 is no object/],
  ])('tells where %s cannot be read, and reads the rest', (name, text, expected) => {
    const contents = readObjects([write('good.yaml', 'kind: A\n'), write(name, text)]);
    expect(contents.objects).toHaveLength(1);
    expect(contents.problems).toEqual([expect.stringMatching(expected)]);
  });

  it('tells of a file that is not there', () => {
    expect(readObjects([join(folder, 'none.yaml')]).problems).toEqual([expect.stringContaining('cannot be read')]);
  });
});

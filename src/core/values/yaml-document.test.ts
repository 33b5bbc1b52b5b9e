import { parseAllDocuments, type Document } from 'yaml';
import { describe, expect, it } from 'vitest';
import { readDocumentValue } from './yaml-document.ts';
import { KUBERNETES_YAML } from './yaml-input.ts';

function read(text: string): ReturnType<typeof readDocumentValue> {
  const [document] = parseAllDocuments(text, KUBERNETES_YAML) as Document.Parsed[];
  if (!document) throw new Error('the text holds no document');
  return readDocumentValue(document);
}

/** Each line doubles what the one before stands for. */
const DOUBLING = [
  'a0: &a0 [x]',
  ...Array.from({ length: 40 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`),
].join('\n');

describe('a document that cannot be read', () => {
  it.each<[what: string, text: string, line: number, message: RegExp]>([
    ['with aliases that double each other', DOUBLING, 1, /stand for too many nodes/],
    ['with an alias of what it is in', 'a: &a\n  b: *a\n', 1, /a part that it is in itself/],
    ['nested a hundred thousand times', `\na: ${'['.repeat(100_000)}`, 2, /nested too deeply/],
    ['that is no YAML', 'a: 1\nb: {', 2, /./],
  ])('%s is told with its line', (_what, text, line, message) => {
    const result = read(text);
    expect(result).toMatchObject({ ok: false });
    const [fault] = result.ok ? [] : result.faults;
    expect(fault?.line).toBe(line);
    expect(fault?.message).toMatch(message);
  });

  it('is none with aliases of what stands beside them', () => {
    expect(read('a: &a {b: 1}\nc: [*a, *a]')).toEqual({ ok: true, value: { a: { b: 1 }, c: [{ b: 1 }, { b: 1 }] } });
  });
});

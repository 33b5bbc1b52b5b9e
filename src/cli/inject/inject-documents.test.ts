import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { JsonObject } from '../../core/kube-object.ts';
import { readTextDocuments, rewriteDocument, type TextDocument } from './inject-documents.ts';

const read = (text: string): TextDocument[] => {
  const problems: string[] = [];
  const documents = readTextDocuments(text, 'a.yaml', problems);
  expect(problems).toEqual([]);
  return documents;
};

const TEXT = `# about the file
apiVersion: v1
kind: Pod # a pod
metadata: {name: a}
spec:
  containers:
    # the first
    - name: app # application
      image: "x"
    - name: other
---
# nothing
---
kind: ConfigMap
apiVersion: v1
data: { "on":  'yes' } # odd spaces
`;

describe('readTextDocuments', () => {
  it('cuts a text so that the parts are the whole', () => {
    expect(read(TEXT).map(({ source }) => source)).toHaveLength(3);
    expect(
      read(TEXT)
        .map(({ source }) => source)
        .join(''),
    ).toBe(TEXT);
  });

  it.each([
    ['- a\n', ['a.yaml:1: document 1 is not a Kubernetes object but a list or a plain value']],
    ['kind: Pod\n', ['a.yaml:1: document 1 is not a Kubernetes object: apiVersion is missing']],
    [
      'apiVersion: v1\nkind: Pod\n---\napiVersion: v1\n',
      ['a.yaml:4: document 2 is not a Kubernetes object: kind is missing'],
    ],
    ['# only a comment\n', []],
  ])('%j: %j', (text, expected) => {
    const problems: string[] = [];
    readTextDocuments(text, 'a.yaml', problems);
    expect(problems).toEqual(expected);
  });

  it('names file and line of text that is no YAML', () => {
    const problems: string[] = [];
    readTextDocuments('apiVersion: v1\nkind: Pod\n---\na: "x\n', 'a.yaml', problems);
    expect(problems).toEqual([expect.stringMatching(/^a\.yaml:\d+: /)]);
  });
});

describe('rewriteDocument', () => {
  const changed = (text: string, after: JsonObject): string => {
    const [document] = read(text);
    if (!document) throw new Error('no document');
    return rewriteDocument(document, after);
  };

  it('keeps comments and order of what stays, and says exactly what it should', () => {
    const after = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a', labels: { on: 'yes' } },
      spec: { containers: [{ name: 'proxy' }, { name: 'app', image: 'y' }], restartPolicy: 'Always' },
    };
    const text = changed(TEXT, after);
    expect(parseAllDocuments(text, { version: '1.1' }).map((document) => document.toJS() as unknown)).toEqual([after]);
    for (const comment of ['# about the file', '# a pod', '# the first', '# application'])
      expect(text).toContain(comment);
    expect(text.indexOf('name: proxy')).toBeLessThan(text.indexOf('name: app'));
  });

  it('writes a document with anchors anew, since a part may stand in several places', () => {
    const text = 'apiVersion: v1\nkind: Pod\nmetadata: {labels: &l {a: b}}\nspec: {nodeSelector: *l}\n';
    const after = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { labels: { a: 'c' } },
      spec: { nodeSelector: { a: 'b' } },
    };
    expect(parseAllDocuments(changed(text, after))[0]?.toJS()).toEqual(after);
  });

  it('keeps the marker between documents', () => {
    const text = '---\napiVersion: v1\nkind: Pod\n';
    expect(changed(text, { apiVersion: 'v1', kind: 'Pod', spec: {} })).toMatch(/^---\n/);
  });
});

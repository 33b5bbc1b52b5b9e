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
    ['plain.yaml', 'just text\n', /plain\.yaml:1: document 1 is no object/],
  ])('tells where %s cannot be read, and reads the rest', (name, text, expected) => {
    const contents = readObjects([write('good.yaml', 'kind: A\n'), write(name, text)]);
    expect(contents.objects).toHaveLength(1);
    expect(contents.problems).toEqual([expect.stringMatching(expected)]);
  });

  it('tells of a file that is not there', () => {
    expect(readObjects([join(folder, 'none.yaml')]).problems).toEqual([expect.stringContaining('cannot be read')]);
  });

  const istio = (name: string, spec: string, kind = 'VirtualService'): string =>
    `apiVersion: networking.istio.io/v1\nkind: ${kind}\nmetadata: {name: ${name}}\nspec: ${spec}\n`;
  const operator = (spec: string): string =>
    `apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: {name: a}\nspec: ${spec}\n`;

  it.each([
    [
      'a template that is no YAML',
      '{{- if .Values.on }}\nkind: A\nspec: {{ .Values.spec }}\n{{- end }}\n',
      /a\.yaml:1: the document .*\(\{\{- if/,
    ],
    [
      'a comment over lines',
      '{{/* one\n   two */}}\nkind: A\n',
      /a\.yaml:1: the document .*\(\{\{\/\* one two \*\/\}\}\)/,
    ],
    ['a call alone', '# all of it\n{{ include "web.all" . }}\n', /a\.yaml:\d: the document holds a placeholder/],
    [
      'a name from a template',
      istio('"{{ .Release.Name }}"', '{}'),
      /a\.yaml:3: metadata\.name holds a placeholder \(\{\{ \.Release\.Name \}\}\)/,
    ],
    ['a name from a variable', istio('"web-${STAGE}"', '{}'), /metadata\.name .*\(\$\{STAGE\}\)/],
    ['a name from kustomize', istio('$(NAME)', '{}'), /metadata\.name .*\(\$\(NAME\)\)/],
    ['a host from a template', istio('web', '{hosts: ["{{ .Values.host }}"]}'), /a\.yaml:4: spec\.hosts\[0\] holds/],
    ['a host with a default', istio('web', '{hosts: ["${HOST:=a.example.com}"]}'), /spec\.hosts\[0\] .*:=a\.example/],
    [
      'a name without quotes',
      istio('{{ .Release.Name }}', '{}'),
      /a\.yaml:3: metadata\.name .*\(\{\{ \.Release\.Name \}\}\)/,
    ],
    ['hosts without quotes', istio('web', '{hosts: {{ .Values.hosts }}}'), /a\.yaml:4: spec\.hosts holds .*\.hosts/],
    ['a tag without quotes', operator('{tag: {{ .Values.tag | quote }}}'), /a\.yaml:4: spec\.tag holds a placeholder/],
    [
      'a count without quotes',
      operator('{components: {pilot: {k8s: {replicaCount: {{ .n }}}}}}'),
      /k8s\.replicaCount holds/,
    ],
    ['a hub from a variable', operator('{hub: "${HUB}/istio"}'), /spec\.hub holds a placeholder \(\$\{HUB\}\)/],
    ['a tag from kustomize', operator('{tag: $(TAG)}'), /spec\.tag holds a placeholder \(\$\(TAG\)\)/],
    ['a kind from a template', 'apiVersion: v1\nkind: "{{ .kind }}"\n', /kind holds a placeholder/],
  ])('tells once of a document with %s', (_what, text, expected) => {
    const { objects, problems } = readObjects([write('a.yaml', text)]);
    expect(objects).toEqual([]);
    expect(problems).toEqual([expect.stringMatching(expected)]);
  });

  it('tells once for each document', () => {
    const text = `{{ if .a }}\nkind: A\n{{ end }}\n---\nkind: B\n---\n${istio('"{{ .b }}"', '{}')}`;
    const { objects, problems } = readObjects([write('a.yaml', text)]);
    expect(objects.map(({ value }) => value.kind)).toEqual(['B']);
    expect(problems.map((problem) => problem.split(': ')[0])).toEqual([
      expect.stringMatching(/:1$/),
      expect.stringMatching(/:9$/),
    ]);
  });

  it.each([
    ['code that an EnvoyFilter carries', istio('web', '{a: "{{ x }} ${Y}"}', 'EnvoyFilter')],
    ['data of a ConfigMap', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: "{{ .x }}"}\n'],
    [
      'a command of a pod',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, args: ["$(HOST) ${HOST}"]}]}\n',
    ],
    [
      'what injection, shells and logs fill in',
      operator(
        `{values: {sidecarInjectorWebhook: {templates: {a: "{{ .x }}"}}, pilot: {env: {A: $(B)}, extraContainerArgs: [$(C)]}},
          meshConfig: {accessLogFormat: '{"a": "\${b}"}'}}`,
      ),
    ],
    ['values of a chart', 'host: "{{ .Values.domain }}"\n'],
    ['a regular expression', istio('web', '{http: [{match: [{uri: {regex: "^/a{2}$"}}]}]}')],
    ['a header that Envoy fills in', istio('web', '{http: [{headers: {request: {set: {a: "%REQ(b)%"}}}}]}')],
  ])('takes no placeholder in %s', (_what, text) => {
    const { objects, problems } = readObjects([write('a.yaml', text)]);
    expect(problems).toEqual([]);
    expect(objects).toHaveLength(1);
  });

  it('leaves out patches of kustomize, and says so', () => {
    write('kustomization.yaml', 'patches: [{path: b.yaml}, {path: c.yaml}]\npatchesStrategicMerge: [d.yaml]\n');
    write('a.yaml', 'kind: A\n');
    write('b.yaml', istio('web', '{http: []}'));
    write('c.yaml', '- {op: remove, path: /spec}\n');
    write('d.yaml', istio('web', '{}'));
    const { objects, problems, notes } = readObjects([folder]);
    expect(objects.flatMap(({ value }) => value.kind ?? [])).toEqual(['A']);
    expect(problems).toEqual([]);
    expect(notes).toEqual([expect.stringMatching(/b\.yaml.*c\.yaml.*d\.yaml: left out, being patches/)]);
  });

  it('reads a patch that is named itself, and no JSON patch', () => {
    write('kustomization.yaml', 'patches: [{path: b.yaml}]\n');
    const contents = readObjects([write('b.yaml', istio('web', '{}')), write('c.yaml', '[{op: remove, path: /a}]\n')]);
    expect(contents.objects).toHaveLength(1);
    expect(contents.problems).toEqual([]);
  });
});

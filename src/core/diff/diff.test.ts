import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../kube-object.ts';
import { toDiffText, type DiffStyle } from './diff-text.ts';
import { computeLineDiff } from './line-diff.ts';
import { diffObjects } from './object-diff.ts';
import { computeOwnedViews, selectOwned } from './owned-fields.ts';
import { computeUnifiedDiff } from './unified.ts';
import { computeYamlPaths } from './yaml-paths.ts';

const words = { create: 'create:', change: 'change:', recreate: 'anew:', prune: 'remove:' };
const style: DiffStyle = { before: 'live', after: 'iop.yaml', words, colour: false, whole: false };
const configMap = (name: string, data: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'ns' },
  data,
});

describe('a line diff', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 30 });

  it('leads from the one text to the other', () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const edits = computeLineDiff(before, after);
        const without = (kind: string): string[] => edits.filter((e) => e.kind !== kind).map(({ line }) => line);
        expect(without('added')).toEqual(before);
        expect(without('removed')).toEqual(after);
      }),
    );
  });

  it('is as short as the longest common subsequence allows', () => {
    const longestCommon = ([a, ...as]: string[], [b, ...bs]: string[]): number => {
      if (a === undefined || b === undefined) return 0;
      if (a === b) return 1 + longestCommon(as, bs);
      return Math.max(longestCommon([a, ...as], bs), longestCommon(as, [b, ...bs]));
    };
    const short = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 7 });
    fc.assert(
      fc.property(short, short, (before, after) => {
        const same = computeLineDiff(before, after).filter(({ kind }) => kind === 'same');
        expect(same).toHaveLength(longestCommon(before, after));
      }),
    );
  });

  it('gives up line by line where nothing is common, in one block', () => {
    const before = Array.from({ length: 3_000 }, (_, n) => `old ${n}`);
    const edits = computeLineDiff(before, ['new']);
    expect(edits.at(-1)).toEqual({ kind: 'added', line: 'new' });
    expect(edits).toHaveLength(3_001);
  });
});

describe('a hunk', () => {
  it('counts lines as diff -u does and names the field', () => {
    const before = 'a: 1\nspec:\n  list:\n  - name: x\n    value: 1\n  - name: y\n    value: 2\n';
    const after = before.replace('value: 2', 'value: 3');
    expect(computeUnifiedDiff(before, after).map(({ text }) => text)).toEqual([
      '@@ -4,4 +4,4 @@ spec.list[y]',
      '   - name: x',
      '     value: 1',
      '   - name: y',
      '-    value: 2',
      '+    value: 3',
    ]);
  });

  it('starts at line 0 of a text that is empty', () => {
    expect(computeUnifiedDiff('', 'a: 1\n').map(({ text }) => text)).toEqual(['@@ -0,0 +1 @@', '+a: 1']);
  });

  it('is not there when nothing differs', () => {
    expect(computeUnifiedDiff('a: 1\n', 'a: 1\n')).toEqual([]);
  });

  it.each([
    ['a nameless item, by its place', 'list:\n- port: 1\n- port: 2', ['', 'list[0]', 'list[1]']],
    ['text that holds YAML', 'data:\n  mesh: |\n    a:\n      b: 1', ['', 'data', 'data.mesh', 'data.mesh.a']],
    ['plain items', 'args:\n- proxy\n- "x"', ['', 'args[0]', 'args[1]']],
    ['what comes after a list', 'spec:\n  list:\n  - a: 1\n  next: 2', ['', 'spec', 'spec.list[0]', 'spec']],
  ])('finds the path of %s', (_what, text, paths) => {
    expect(computeYamlPaths(text.split('\n'))).toEqual(paths);
  });
});

describe('two manifests', () => {
  const before = [configMap('gone', {}), configMap('kept', { a: '1' }), configMap('changed', { a: '1' })];
  const after = [configMap('changed', { a: '2' }), configMap('new', {}), configMap('kept', { a: '1' })];

  it('are paired by name, whatever their order', () => {
    const { differences, same } = diffObjects(before, after);
    expect(differences.map(({ change, ref }) => `${change} ${ref.name}`)).toEqual([
      'change changed',
      'create new',
      'prune gone',
    ]);
    expect(same).toBe(1);
  });

  it('are told as titles with hunks below', () => {
    expect(toDiffText(diffObjects(before, after).differences, style).split('\n')).toEqual([
      'change: ConfigMap ns/changed',
      '--- live',
      '+++ iop.yaml',
      '@@ -1,6 +1,6 @@ data',
      ' apiVersion: v1',
      ' data:',
      '-  a: "1"',
      '+  a: "2"',
      ' kind: ConfigMap',
      ' metadata:',
      '   name: changed',
      'create: ConfigMap ns/new',
      'remove: ConfigMap ns/gone',
      '',
    ]);
  });

  it('show whole objects when asked to', () => {
    const text = toDiffText(diffObjects(before, after).differences, { ...style, whole: true });
    expect(text).toContain('--- /dev/null\n+++ iop.yaml\n@@ -0,0 +1,6 @@');
    expect(text).toContain('--- live\n+++ /dev/null\n@@ -1,6 +0,0 @@');
  });

  it('are coloured when asked to', () => {
    const text = toDiffText(diffObjects(before, after).differences, { ...style, colour: true });
    expect(text).toContain('\u001b[31m-  a: "1"\u001b[0m\n\u001b[32m+  a: "2"\u001b[0m');
  });

  it('differ when one has an object twice', () => {
    const [object] = after;
    if (object) expect(diffObjects([object], [object, object]).differences).toHaveLength(1);
  });
});

describe('what an apply is about', () => {
  const managed = (manager: string, fieldsV1: unknown): unknown => ({ manager, operation: 'Apply', fieldsV1 });
  const deployment = (spec: unknown, ...managedFields: unknown[]): KubeObject => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: 'gw',
      namespace: 'ns',
      uid: '1',
      annotations: { 'sailwright.dev/applied-hash': 'x' },
      managedFields,
    },
    spec,
    status: { readyReplicas: 1 },
  });
  const identity = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'gw', namespace: 'ns' } };

  it("leaves out defaults and other managers' fields", () => {
    const ours = managed('sailwright', { 'f:spec': { 'f:paused': {} } });
    const { before, after } = computeOwnedViews(
      deployment({ paused: true, replicas: 5, revisionHistoryLimit: 10 }, ours),
      deployment({ paused: false, replicas: 5, revisionHistoryLimit: 10 }, ours),
    );
    expect(before).toEqual({ ...identity, spec: { paused: true } });
    expect(after).toEqual({ ...identity, spec: { paused: false } });
  });

  it('shows a field that we give up', () => {
    const { before, after } = computeOwnedViews(
      deployment(
        { paused: true, replicas: 5 },
        managed('sailwright', { 'f:spec': { 'f:paused': {}, 'f:replicas': {} } }),
      ),
      deployment({ paused: true }, managed('sailwright', { 'f:spec': { 'f:paused': {} } })),
    );
    expect(before['spec']).toEqual({ paused: true, replicas: 5 });
    expect(after['spec']).toEqual({ paused: true });
  });

  it('shows as going what only a former installer set, although a dry run keeps it', () => {
    const former = managed('istio-operator', { 'f:spec': { 'f:minReadySeconds': {}, 'f:replicas': {} } });
    const other = managed('somebody', { 'f:spec': { 'f:replicas': {} } });
    const ours = managed('sailwright', { 'f:spec': { 'f:paused': {} } });
    const spec = { paused: true, minReadySeconds: 5, replicas: 2 };
    const { before, after } = computeOwnedViews(deployment(spec, former, other), deployment(spec, former, other, ours));
    expect(before['spec']).toEqual(spec);
    expect(after['spec']).toEqual({ paused: true, replicas: 2 });
  });

  it('keeps of a keyed list the items that are owned', () => {
    const object = deployment({ ports: [{ port: 80, name: 'a', targetPort: 1 }, { port: 81 }] });
    const owned = { 'f:spec': { 'f:ports': { 'k:{"port":80}': { '.': {}, 'f:port': {}, 'f:name': {} } } } };
    expect(selectOwned(object, owned)['spec']).toEqual({ ports: [{ port: 80, name: 'a' }] });
  });
});

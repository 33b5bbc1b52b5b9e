import { globSync, readFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CORE_SCHEMA, loadAll } from 'js-yaml';
import { afterAll, describe, expect, it } from 'vitest';
import { isAlias, isNode, parseAllDocuments, visit } from 'yaml';
import { KUBERNETES_YAML } from '../../core/values/yaml-input.ts';
import { runSailwright } from '../../../test/builders/run-sailwright.ts';

const ROOT = join(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'sailwright-yaml-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** What every reader must take alike: no anchor, no alias, no key twice, and no value that readers type otherwise. */
function expectPlainYaml(text: string): void {
  const strict = loadAll(text, undefined, { schema: CORE_SCHEMA, json: false }).filter(
    (value) => value !== null && value !== undefined,
  );
  const documents = parseAllDocuments(text, KUBERNETES_YAML);
  const ours = documents
    .map((document) => document.toJS() as unknown)
    .filter((value) => value !== null && value !== undefined);
  expect(strict).toEqual(ours);
  expect(ours.length).toBeGreaterThan(0);
  for (const document of documents) {
    visit(document, (_, node) => {
      if (isAlias(node) || (isNode(node) && 'anchor' in node && node.anchor !== undefined))
        throw new Error(`anchor or alias: ${String(node)}`);
    });
  }
}

describe('a second, strict reader of YAML takes', () => {
  it.each(
    ['default', 'demo', 'ambient', 'remote', 'openshift'].flatMap(
      (profile) =>
        [
          [profile, 'ours', []],
          [profile, "upstream's", ['--upstream']],
        ] as [string, string, string[]][],
    ),
  )(
    'the objects of profile %s in %s form',
    async (profile, _form, flags) => {
      const values = file(
        'iop.yaml',
        `apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: {name: istio, namespace: istio-system}\n` +
          `spec:\n  meshConfig: {defaultConfig: {proxyMetadata: {A: "on", B: "012", C: "1:30", D: "null", E: "2020-01-01"}}}\n` +
          `  values: {global: {proxy: {resources: &r {requests: {cpu: 10m}}}}, pilot: {resources: *r }}\n`,
      );
      const { code, out } = await runSailwright(['manifest', 'generate', '-f', values, '--profile', profile, ...flags]);
      expect(code).toBe(0);
      expectPlainYaml(out);
    },
    60_000,
  );

  const SPEC = 'spec: {containers: [{name: app, image: app, resources: {limits: {cpu: 1}}}, {name: two, image: app}]}';
  it.each<[string, string]>([
    ['a pod', `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n${SPEC}\n`],
    [
      'a pod with anchors of its own',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: &a1 {x: z}}\nspec:\n  nodeSelector: *a1\n' +
        '  containers: [{name: app, image: app, resources: &a2 {limits: {cpu: 1}}}, {name: two, image: app, resources: *a2 }]\n',
    ],
    [
      'a list of workloads',
      'apiVersion: v1\nkind: List\nitems:\n' +
        ['a', 'b']
          .map(
            (name) =>
              `- {apiVersion: apps/v1, kind: Deployment, metadata: {name: ${name}}, spec: {template: {${SPEC}}}}\n`,
          )
          .join(''),
    ],
    [
      'a pod whose annotations bring parts',
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  annotations:\n' +
        `    sidecar.istio.io/userVolume: '[{"name":"wasm","configmap":{"name":"wasm"}}]'\n` +
        `    sidecar.istio.io/userVolumeMount: '[{"name":"wasm","mountPath":"/w","readonly":true}]'\n${SPEC}\n`,
    ],
    [
      'a pod with a classic sidecar',
      `apiVersion: v1\nkind: Pod\nmetadata: {name: a, annotations: {sidecar.istio.io/nativeSidecar: "false"}}\n${SPEC}\n`,
    ],
  ])('%s that was injected', async (_title, text) => {
    const { code, out } = await runSailwright(['inject', '-f', file('pod.yaml', text)]);
    expect(code).toBe(0);
    expect(out).toContain('istio-proxy');
    expectPlainYaml(out);
  });

  it('both sides of a difference', async () => {
    const spec = (tag: string): string =>
      `apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: {tag: ${tag}, values: {pilot: {cpu: {targetAverageUtilization: 5}}}}\n`;
    const files = [file('a.yaml', spec('a')), file('b.yaml', spec('b'))];
    const { out } = await runSailwright(['manifest', 'diff', ...files]);
    expect(out).not.toBe('');
    expect(out).not.toMatch(/[&*]a\d+\b/);
  });

  it.each(globSync(['config/**/*.yaml', 'crds/**/*.yaml'], { cwd: ROOT }).sort())('%s', (path) => {
    expectPlainYaml(readFileSync(join(ROOT, path), 'utf8'));
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runSailwright } from '../../../test/builders/run-sailwright.ts';

const GOOD = `apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  name: all
spec:
  egress:
    - hosts: ["*/*"]
`;
const BAD = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: rule
spec:
  host: reviews
  subsets:
    - name: v_1
      lables: {}
`;
const OTHER = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: other\n';

let folder: string;
let out: string;
let problems: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sailwright-validate-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function runValidate(args: readonly string[]): Promise<number> {
  const ended = await runSailwright(['validate', ...args]);
  [out, problems] = [ended.out, ended.err];
  return ended.code;
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('sailwright validate', () => {
  it('is content with what is good, and passes over what is not its own', async () => {
    file('a.yaml', `${GOOD}---\n${OTHER}`);
    expect(await runValidate(['-f', folder])).toBe(0);
    expect(out).toBe('resources: 1, errors: 0, warnings: 0, objects of other kinds: 1\n');
  });

  it('names file, line, field and cause', async () => {
    const path = file('a.yaml', `${GOOD}---\n${BAD}`);
    expect(await runValidate(['-f', path])).toBe(1);
    expect(out).toContain(
      `${path}:16: error: DestinationRule default/rule: spec.subsets[0].name: "v_1" is not a valid`,
    );
    expect(out).toMatch(/:17: error: .*spec\.subsets\[0\]\.lables: .*"labels"/);
  });

  it('prints one line of JSON for each resource', async () => {
    const path = file('a.yaml', `${GOOD}---\n${OTHER}---\n${BAD}`);
    expect(await runValidate(['-f', path, '-o', 'json', '-n', 'team'])).toBe(1);
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { errors: { path: string }[] });
    expect(lines).toMatchObject([
      { file: path, index: 0, kind: 'Sidecar', namespace: 'team', name: 'all', errors: [], warnings: [] },
      { file: path, index: 2, kind: 'DestinationRule', namespace: 'team', name: 'rule', warnings: [] },
    ]);
    expect(lines[1]?.errors.map((error) => error.path)).toEqual(['spec.subsets[0].name', 'spec.subsets[0].lables']);
  });

  it('tells trouble from errors', async () => {
    expect(await runValidate([])).toBe(2);
    expect(problems).toContain('no file is named');
    expect(await runValidate(['-f', join(folder, 'none.yaml')])).toBe(2);
    expect(await runValidate(['-f', file('b.yaml', 'a: [')])).toBe(2);
  });
});

describe('what stands beside resources of the mesh', () => {
  it('IstioOperators are judged as at admission', async () => {
    const envelope =
      'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: {name: istio, namespace: istio-system}\n';
    const path = file(
      'a.yaml',
      `apiVersion: v1\nkind: Namespace\nmetadata: {name: istio-system}\n---\n${envelope}spec: {profle: default}\n`,
    );
    expect(await runValidate(['-f', path])).toBe(1);
    expect(out).toContain(`${path}:8: error: IstioOperator istio-system/istio: spec.profle: unknown field`);
    expect(await runValidate(['-f', file('b.yaml', `${envelope}spec: {profile: default}\n`)])).toBe(0);
  });

  it('IstioOperators are tried on sample pods', async () => {
    const text = `apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: {name: istio, namespace: istio-system}
spec:
  values:
    sidecarInjectorWebhook:
      templates:
        custom: |
          spec: {{ .Nothing }}
`;
    const path = file('template.yaml', text);
    expect(await runValidate(['-f', path])).toBe(1);
    const place = 'spec.values.sidecarInjectorWebhook.templates.custom';
    expect(out).toContain(`${path}:8: error: IstioOperator istio-system/istio: ${place}: `);
    expect(out).toContain('line 1: ');
    expect(out).toContain('[InjectionBroken]');
  });

  it('kinds that are withdrawn or misspelled, and names that cannot be, are errors', async () => {
    const path = file(
      'a.yaml',
      `apiVersion: rbac.istio.io/v1alpha1\nkind: ServiceRole\nmetadata: {name: a}\n---\n${GOOD.replace('name: all', 'name: All_Of')}`,
    );
    expect(await runValidate(['-f', path])).toBe(1);
    expect(out).toMatch(/ServiceRole default\/a: kind: .* use AuthorizationPolicy .*\[KindWithdrawn\]/);
    expect(out).toMatch(/metadata\.name: "All_Of" is not a name of an object: .*\[NameInvalid\]/);
  });

  it('an error does not say that Istio ignores what the API server refuses', async () => {
    expect(await runValidate(['-f', file('a.yaml', BAD)])).toBe(1);
    expect(out).toMatch(/spec\.subsets\[0\]\.lables: unknown field.*did you mean "labels"/);
    expect(out).not.toMatch(/error: .*ignores it/);
  });
});

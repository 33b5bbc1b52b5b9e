import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MAIN = join(import.meta.dirname, 'main.ts');
const folder = mkdtempSync(join(tmpdir(), 'sailwright-main-'));
const file = (name: string): string => join(folder, name);

beforeAll(() => {
  writeFileSync(file('cycle.yaml'), 'apiVersion: v1\nkind: Pod\nmetadata: &a {name: x, b: *a}\n');
  writeFileSync(file('binary.yaml'), Buffer.from([0, 1, 2, 254, 255]));
  writeFileSync(file('good.yaml'), 'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: {}\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  code: number | null;
  stderr: string;
}

function run(...args: string[]): Ended {
  const env = { ...process.env, KUBECONFIG: file('missing-kubeconfig') };
  const { status, stderr } = spawnSync(process.execPath, [MAIN, ...args], { env, encoding: 'utf8' });
  return { code: status, stderr };
}

describe('the command line', () => {
  it.each([
    ['manifest generate', ['manifest', 'generate', '-f']],
    ['validate', ['validate', '-f']],
    ['analyze', ['analyze', '-f']],
    ['inject', ['inject', '-f']],
  ])(
    '%s ends with a line for each file that it cannot read',
    (_what, args) => {
      for (const name of ['cycle.yaml', 'binary.yaml', 'missing.yaml']) {
        const { code, stderr } = run(...args, file(name));
        expect(code).toBeGreaterThan(0);
        expect(stderr).toContain(name);
        expect(stderr).not.toMatch(/^\s+at /m);
      }
    },
    60_000,
  );

  it.each([
    ['analyze', ['analyze']],
    ['manifest diff', ['manifest', 'diff', '-f', file('good.yaml')]],
    ['inject --explain', ['inject', '--explain', 'pod/shop']],
    ['run', ['run']],
  ])(
    '%s names the kubeconfig that is missing, and what to do',
    (_what, args) => {
      const { code, stderr } = run(...args);
      expect(code).toBe(2);
      expect(stderr).toMatch(/^sailwright: kubeconfig .*missing-kubeconfig: cannot be read: .* set KUBECONFIG/);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    },
    60_000,
  );
});

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MAIN = join(import.meta.dirname, 'main.ts');
const folder = mkdtempSync(join(tmpdir(), 'sailwright-main-'));
const file = (name: string): string => join(folder, name);

beforeAll(() => {
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
  it('ends with a line for a file that it cannot read', () => {
    const { code, stderr } = run('validate', '-f', file('missing.yaml'));
    expect(code).toBe(2);
    expect(stderr).toBe(`${file('missing.yaml')}: cannot be read: there is no such file\n`);
  }, 60_000);

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
      expect(stderr).toMatch(
        /^sailwright: kubeconfig .*missing-kubeconfig: cannot be read: there is no such file; name a kubeconfig with KUBECONFIG/,
      );
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    },
    60_000,
  );
});

describe('standard output', () => {
  /** What a shell makes of it; `$1` is Node, `$2` the program and `$3` a file. */
  function runInShell(script: string): Ended & { stdout: string } {
    const parts = [process.execPath, MAIN, file('out.yaml')];
    const { status, stderr, stdout } = spawnSync('sh', ['-c', script, 'sh', ...parts], { encoding: 'utf8' });
    return { code: status, stderr, stdout };
  }

  it('is the same in a file, in a pipe and in what a program reads', () => {
    const written = runInShell('"$1" "$2" manifest generate > "$3"; "$1" "$2" manifest generate | cmp - "$3"');
    expect(written).toEqual({ code: 0, stderr: '', stdout: '' });
    expect(runInShell('exec "$1" "$2" manifest generate').stdout).toBe(readFileSync(file('out.yaml'), 'utf8'));
  }, 60_000);

  it('that is closed early is no error', () => {
    const { stdout, stderr } = runInShell('("$1" "$2" manifest generate; echo "ended with $?" >&2) | head -c 10');
    expect(stdout).toHaveLength(10);
    expect(stderr).toBe('ended with 0\n');
  }, 60_000);

  it.skipIf(!existsSync('/dev/full'))(
    'that takes nothing is told',
    () => {
      const { stderr } = runInShell('"$1" "$2" completion bash > /dev/full; echo "ended with $?" >&2');
      expect(stderr).toContain('no space left on device');
      expect(stderr).not.toContain('ended with 0');
    },
    60_000,
  );
});

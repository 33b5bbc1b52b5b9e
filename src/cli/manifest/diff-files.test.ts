import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runSailwright } from '../../../test/builders/run-sailwright.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'sailwright-diff-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function file(name: string, spec: object): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify({ apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', spec }));
  return path;
}

it('renders both sides by the release that is asked for', async () => {
  const plain = file('a.json', { profile: 'default' });
  const pinned = file('b.json', { profile: 'default', tag: '1.30.8' });
  const apart = await runSailwright(['manifest', 'diff', plain, pinned]);
  expect([apart.code, apart.out]).toEqual([1, expect.stringContaining('pilot:1.30.8')]);
  const alike = await runSailwright(['manifest', 'diff', plain, pinned, '--istio-version', '1.30']);
  expect([alike.code, alike.out]).toEqual([0, '']);
});

it('refuses a release that is not known before it reads anything', async () => {
  const ended = await runSailwright(['manifest', 'diff', 'none', 'none either', '--istio-version', '1.29']);
  expect([ended.code, ended.err]).toEqual([2, expect.stringContaining('Istio 1.29 is not supported')]);
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runSailwright } from '../../test/builders/run-sailwright.ts';

const folder = mkdtempSync(join(tmpdir(), 'sailwright-defaults-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

const OPERATOR = file('mesh.yaml', 'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: {}\n');
const OTHER = file(
  'other.yaml',
  'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: {values: {pilot: {cpu: {targetAverageUtilization: 5}}}}\n',
);
const POD = file(
  'pod.yaml',
  'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: app, image: app}]}\n',
);
const ENV = { SAILWRIGHT_DEFAULT_HUB: 'given.example/hub', SAILWRIGHT_DEFAULT_TAG: 'given-tag' };

it.each<[command: string, args: string[]]>([
  ['manifest generate', ['-f', OPERATOR]],
  ['manifest diff', ['--new-objects', OTHER, file('empty.yaml', '')]],
  ['inject', ['-f', POD]],
  ['inject', ['-f', POD, '--config', file('config.yaml', 'injectionConfig: {}\n')]],
])(
  'images come from the environment that is given to %s',
  async (command, options) => {
    const args = [...command.split(' '), ...options];
    const given = await runSailwright(args, ENV);
    expect(given.out).toContain('given.example/hub/');
    expect(given.out).toContain(':given-tag');
    expect((await runSailwright(args)).out).not.toContain('given');
  },
  60_000,
);

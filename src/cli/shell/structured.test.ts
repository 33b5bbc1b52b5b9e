import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { expect, it } from 'vitest';
import { runSailwright } from '../../../test/builders/run-sailwright.ts';

const SAMPLES = join(import.meta.dirname, '../../../samples');

it.each([
  ['one result', 'profile list'],
  ['a description', `describe namespace my-app -f ${SAMPLES}/app`],
  ['a comparison', `authn tls-check my-app-v1.my-app -f ${SAMPLES}/app`],
  ['a line for each resource', `validate -f ${SAMPLES}/mtls`],
  ['a line for each finding', `analyze -f ${SAMPLES}/canary`],
])('YAML says the same as JSON: %s', async (_what, line) => {
  const json = await runSailwright([...line.split(' '), '-o', 'json']);
  const yaml = await runSailwright([...line.split(' '), '-o', 'yaml']);
  expect(yaml.code).toBe(json.code);
  expect(json.out).not.toBe('');
  const lines = /^[{[]\n/.test(json.out) ? [json.out] : json.out.trimEnd().split('\n');
  expect(loadAll(yaml.out)).toEqual(lines.map((text) => JSON.parse(text) as unknown));
});

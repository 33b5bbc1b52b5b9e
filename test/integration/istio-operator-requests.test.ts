// What a pass asks of the API server: no more than there is to do.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ObjectRef } from '../../src/core/kube-object.ts';
import { pause, waitFor } from '../../testbed/wait.ts';
import { ControllerHarness } from './support/controller-harness.ts';

const SYSTEM = 'istio-system';
const SERVICE: ObjectRef = { apiVersion: 'v1', kind: 'Service', namespace: SYSTEM, name: 'istiod' };
const MESH_CONFIG: ObjectRef = { apiVersion: 'v1', kind: 'ConfigMap', namespace: SYSTEM, name: 'istio' };
const UNPULLABLE = { profile: 'minimal', hub: 'registry.invalid', tag: '1.31.4' };

let harness: ControllerHarness;
let calls: string[] = [];

beforeAll(async () => {
  harness = await ControllerHarness.start('request-test');
  await harness.applySpec({ profile: 'default' });
  await harness.waitForCondition('Ready');
  await harness.waitForQuiet();
  harness.fault = (method, { kind, name }) => {
    if (method !== 'render') calls.push(`${method} ${kind} ${name ?? ''}`.trim());
    return undefined;
  };
});
afterAll(() => harness.stop());

async function touch(value: string): Promise<void> {
  const annotation = `test.sailwright.dev/touch=${value}`;
  await harness.annotate([annotation]);
}

it('asks for next to nothing in a pass that has nothing to do', async () => {
  calls = [];
  const passes = await harness.fetchPasses();
  await touch('idle');
  await waitFor('a pass', async () => (await harness.fetchPasses()) > passes);
  // The namespace was there before: no informer holds what is not ours.
  expect(calls.filter((call) => call !== `get Namespace ${SYSTEM}`)).toEqual([]);
});

it('repairs with one write, and reads nothing again', async () => {
  await harness.waitForQuiet();
  calls = [];
  const patch = { metadata: { labels: { app: 'changed' } } };
  await harness.admin.patch(SERVICE, patch, { type: 'merge', fieldManager: 'somebody' });
  await waitFor('the repair', async () => (await harness.admin.get(SERVICE))?.metadata.labels?.['app'] === 'istiod');
  await harness.waitForQuiet();
  expect(calls.filter((call) => call !== `get Namespace ${SYSTEM}`)).toEqual(['apply Service istiod']);
});

it('tries a change once before it writes it, and nothing else', async () => {
  calls = [];
  await harness.applySpec({ profile: 'default', meshConfig: { accessLogFile: '/dev/stdout' } });
  await waitFor('the change', async () => {
    const { data } = (await harness.admin.get(MESH_CONFIG)) as unknown as { data: Record<string, string> };
    return data['mesh']?.includes('accessLogFile');
  });
  await harness.waitForQuiet();
  const of = (method: string): string[] =>
    calls.filter((call) => call.startsWith(`${method} `)).map((call) => call.replace(`${method} `, ''));
  expect(of('dry-run')).toContain('ConfigMap istio');
  expect(of('dry-run').length).toBeLessThan(6);
  expect(of('dry-run').sort()).toEqual(of('apply').sort());
});

it('does not poll for a workload that is not ready', { timeout: 60_000 }, async () => {
  await harness.admin.patch(
    { apiVersion: 'apps/v1', kind: 'Deployment', namespace: SYSTEM, name: 'istiod' },
    [{ op: 'add', path: '/metadata/annotations/kwok.x-k8s.io~1stage', value: 'none' }],
    { type: 'json', fieldManager: 'test' },
  );
  await harness.applySpec(UNPULLABLE);
  await waitFor('the pass to end', async () => (await harness.fetchCondition('Ready'))?.status === 'Unknown');
  await harness.waitForQuiet();
  calls = [];
  await pause(12_000);
  expect(calls.length).toBeLessThan(8);
});

// Who owns an object: former installers, strangers, and other IstioOperators.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlanStatus } from '../../src/api/install/istio-operator-status.ts';
import type { ObjectRef } from '../../src/core/kube-object.ts';
import { waitFor } from '../../testbed/wait.ts';
import { ControllerHarness } from './support/controller-harness.ts';

const SYSTEM = 'istio-system';
const MESH_CONFIG: ObjectRef = { apiVersion: 'v1', kind: 'ConfigMap', namespace: SYSTEM, name: 'istio' };
const SERVICE: ObjectRef = { apiVersion: 'v1', kind: 'Service', namespace: SYSTEM, name: 'istiod' };
const READER: ObjectRef = {
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  namespace: SYSTEM,
  name: 'istio-reader-service-account',
};
const MINIMAL = { profile: 'minimal' };

let harness: ControllerHarness;

beforeAll(async () => {
  harness = await ControllerHarness.start('ownership-test');
  await harness.kubectl(['create', 'namespace', SYSTEM]);
});
afterAll(() => harness.stop());

async function applyAs(manager: string, object: unknown): Promise<void> {
  const text = JSON.stringify(object);
  await harness.kubectl(['apply', '--server-side', `--field-manager=${manager}`, '-f', '-'], text);
}

const ownerLabel = async (ref: ObjectRef): Promise<string | undefined> =>
  (await harness.admin.get(ref))?.metadata.labels?.['install.operator.istio.io/owning-resource'];

describe("a stranger's object with all our labels", () => {
  const place = { name: 'labelled', namespace: 'elsewhere' };
  const labels = {
    'sailwright.dev/managed': 'true',
    'install.operator.istio.io/owning-resource': 'mesh',
    'install.operator.istio.io/owning-resource-namespace': 'ownership-test',
    'operator.istio.io/component': 'Pilot',
  };

  it('is not ours in a namespace where the resource has nothing', async () => {
    await harness.kubectl(['create', 'namespace', place.namespace]);
    // Even by our own field manager.
    await applyAs('sailwright', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...place, labels } });
    await harness.applySpec({ profile: 'empty' });
    await waitFor('a pass', async () => (await harness.fetchPasses()) > 0);
    await harness.waitForQuiet();
    const passes = await harness.fetchPasses();
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', ...place };
    expect(await harness.admin.get(ref)).toBeDefined();
    await harness.admin.patch(ref, { data: { a: 'b' } }, { type: 'merge', fieldManager: 'stranger' });
    await harness.waitForQuiet();
    expect(await harness.fetchPasses()).toBe(passes);
    await harness.kubectl(['delete', 'iop', 'mesh', '-n', 'ownership-test']);
    expect(await harness.admin.get(ref)).toBeDefined();
  });
});

describe('an object that was there before', () => {
  it("is not taken from Istio's former operator without consent: nothing is written, and the condition lists it", async () => {
    await applyAs('istio-operator', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'istiod', namespace: SYSTEM, labels: { release: 'istio', old: 'label' } },
      spec: { selector: { old: 'selector' }, ports: [{ name: 'old', port: 1234 }] },
    });
    await applyAs('stranger', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'istio', namespace: SYSTEM },
      data: { mesh: 'mine' },
    });
    harness.writes = [];
    await harness.applySpec(MINIMAL);
    const stalled = await harness.waitForCondition('Stalled');
    expect(stalled.reason).toBe('AdoptionRequired');
    expect(stalled.message).toContain('Service istio-system/istiod');
    expect(stalled.message).toContain('sailwright.dev/adopt');
    await harness.waitForQuiet();
    expect(harness.writes.filter((write) => !write.includes('IstioOperator'))).toEqual([]);
    expect((await harness.admin.get(SERVICE))?.metadata.labels?.['old']).toBe('label');
  });

  it('is planned where the resource asks for that: by dry runs, into status and a ConfigMap', async () => {
    await harness.annotate(['sailwright.dev/adopt=plan']);
    const plan = await waitFor('the plan', async () => (await harness.fetchStatus())['plan'] as PlanStatus | undefined);
    expect(plan.summary).toMatch(/^\d+ to create, \d to change$/);
    const { message } = await harness.waitForCondition('Stalled');
    expect(message).toContain(`the whole is in ConfigMap ${harness.namespace}/${plan.configMap}`);
    const stored = await harness.admin.get({ ...MESH_CONFIG, namespace: harness.namespace, name: plan.configMap });
    const text = (stored?.['data'] as { 'plan.diff': string })['plan.diff'];
    expect(text).toContain('to change: Service istio-system/istiod\n');
    expect(text).toMatch(/^\+.*port: 15010$/m);
    // A stranger's is in the way, consent or not.
    expect(text).toContain('could not be tried: ConfigMap istio-system/istio');
    expect((await harness.admin.get(SERVICE))?.metadata.labels?.['old']).toBe('label');
  });

  it('is taken over with consent, with nothing of the former operator left behind', async () => {
    await harness.annotate(['sailwright.dev/adopt=approve']);
    expect(await waitFor('the plan to be gone', async () => !('plan' in (await harness.fetchStatus())))).toBe(true);
    await waitFor('the stranger to be in the way', async () => {
      return (await harness.fetchCondition('Stalled'))?.reason === 'Conflict';
    });
    const service = await harness.admin.get(SERVICE);
    expect(service?.metadata.labels?.['old']).toBeUndefined();
    const { ports, selector } = service?.['spec'] as { ports: { port: number }[]; selector: Record<string, string> };
    expect(ports.map(({ port }) => port)).not.toContain(1234);
    expect(selector['old']).toBeUndefined();
    const note = harness.notes.find(({ reason }) => reason === 'Adopted');
    expect(note?.message).toContain('istio-operator');
  });

  it('is not taken from a stranger: the condition names the object, the field and the manager', async () => {
    const stalled = await harness.waitForCondition('Stalled');
    expect(stalled.reason).toBe('Conflict');
    expect(stalled.message).toContain('ConfigMap istio-system/istio');
    expect(stalled.message).toContain('stranger');
    const { data } = (await harness.admin.get(MESH_CONFIG)) as unknown as { data: Record<string, string> };
    expect(data['mesh']).toBe('mine');
    await harness.kubectl(['delete', 'configmap', 'istio', '-n', SYSTEM]);
    // Nothing tells of an object that was never ours: the resource is looked at again by itself, or when touched.
    await harness.annotate(['test.sailwright.dev/touch=1']);
    await harness.waitForCondition('Ready');
  });
});

describe("a revision beside another installer's", () => {
  it('leaves to it what all revisions share, and becomes Ready', async () => {
    const labels = { 'operator.istio.io/component': 'Base', 'install.operator.istio.io/owning-resource': 'unknown' };
    const { apiVersion, kind, name, namespace } = READER;
    await harness.kubectl(['delete', 'iop', 'mesh', '-n', harness.namespace, '--timeout=30s']);
    await applyAs('istioctl', { apiVersion, kind, metadata: { name, namespace, labels } });
    await harness.applySpec({ ...MINIMAL, revision: 'beside' }, 'beside');
    await harness.waitForCondition('Ready', 'beside');
    const reader = await harness.admin.get(READER);
    expect(reader?.metadata.labels).toEqual(labels);
    const { inventory } = (await harness.fetchStatus('beside')) as { inventory: { name: string }[] };
    expect(inventory.map((entry) => entry.name)).not.toContain(name);
    await harness.kubectl(['delete', 'iop', 'beside', '-n', harness.namespace, '--timeout=30s']);
    expect((await harness.admin.get(READER))?.metadata['uid']).toBe(reader?.metadata['uid']);
    await harness.kubectl(['delete', 'serviceaccount', name, '-n', SYSTEM]);
    await harness.applySpec(MINIMAL);
    await harness.waitForCondition('Ready');
  });
});

describe('two IstioOperators', () => {
  it('share base objects: the older keeps them, and both become Ready', async () => {
    await harness.applySpec({ ...MINIMAL, revision: 'canary' }, 'second');
    await harness.waitForCondition('Ready', 'second');
    expect(await ownerLabel(READER)).toBe('mesh');
    await harness.waitForQuiet();
    harness.writes = [];
    await harness.kubectl([
      'annotate',
      'iop',
      '--all',
      '-n',
      harness.namespace,
      'test.sailwright.dev/touch=2',
      '--overwrite',
    ]);
    await harness.waitForQuiet();
    expect(harness.writes).toEqual([]);
  });

  it('of which the younger is told when both want the same istiod', async () => {
    await harness.applySpec(MINIMAL, 'third');
    const stalled = await harness.waitForCondition('Stalled', 'third');
    expect(stalled.message).toContain('belongs to IstioOperator ownership-test/mesh');
    await harness.kubectl(['delete', 'iop', 'third', '-n', harness.namespace, '--timeout=30s']);
    expect(await ownerLabel(SERVICE)).toBe('mesh');
    await harness.waitForCondition('Ready');
  });

  it('hand over what the other needs when one is deleted', async () => {
    const uid = (await harness.admin.get(READER))?.metadata['uid'];
    await harness.kubectl(['delete', 'iop', 'mesh', '-n', harness.namespace, '--timeout=30s']);
    await waitFor('the base objects to change hands', async () => (await ownerLabel(READER)) === 'second');
    expect((await harness.admin.get(READER))?.metadata['uid']).toBe(uid);
    expect(await harness.admin.get(SERVICE)).toBeUndefined();
    expect(await harness.admin.get({ ...SERVICE, name: 'istiod-canary' })).toBeDefined();
    await harness.waitForCondition('Ready', 'second');
  });
});

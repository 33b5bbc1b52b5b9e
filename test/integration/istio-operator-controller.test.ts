// One IstioOperator through its life, reconciled in this process against a real API server.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject, ObjectRef } from '../../src/core/kube-object.ts';
import { waitFor } from '../../testbed/wait.ts';
import { ControllerHarness } from './support/controller-harness.ts';

const NAMESPACE = 'controller-test';
const ISTIOD: ObjectRef = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'istio-system', name: 'istiod' };
const GATEWAY: ObjectRef = {
  apiVersion: 'v1',
  kind: 'Service',
  namespace: 'istio-system',
  name: 'istio-ingressgateway',
};

let harness: ControllerHarness;
const kubectl = (args: string[]): Promise<string> => harness.kubectl(args);

beforeAll(async () => {
  harness = await ControllerHarness.start(NAMESPACE);
});
afterAll(() => harness.stop());

describe('an IstioOperator on a real API server', () => {
  it('becomes Ready, and its namespace is made', async () => {
    await harness.applySpec({ profile: 'default' });
    const ready = await harness.waitForCondition('Ready');
    expect(ready.reason).toBe('Installed');
    expect(await harness.admin.get(ISTIOD)).toBeDefined();
    expect(await harness.admin.get(GATEWAY)).toBeDefined();
  });

  it('writes nothing in a further pass, nor after a restart', async () => {
    expect(harness.writes.length).toBeGreaterThan(30);
    await harness.waitForQuiet();
    harness.writes = [];
    const passes = await harness.fetchPasses();
    await kubectl(['annotate', 'iop', 'mesh', '-n', NAMESPACE, 'test.sailwright.dev/pass=1']);
    await waitFor('one more pass', async () => (await harness.fetchPasses()) > passes);
    await harness.restart();
    await waitFor('the first pass', async () => (await harness.fetchPasses()) > 0);
    await harness.waitForQuiet();
    expect(harness.writes).toEqual([]);
  });

  it('repairs an edited Service and names who changed what', async () => {
    const patch = JSON.stringify({ spec: { ports: [{ port: 80, name: 'http2', targetPort: 9999 }] } });
    await kubectl(['patch', 'service', GATEWAY.name, '-n', 'istio-system', '--type=strategic', '-p', patch]);
    const began = performance.now();
    await waitFor(
      'the Service to be repaired',
      async () => {
        const spec = (await harness.admin.get(GATEWAY))?.['spec'] as { ports: { port: number; targetPort: number }[] };
        return spec.ports.find(({ port }) => port === 80)?.targetPort === 8080;
      },
      { timeoutMs: 10_000, intervalMs: 20 },
    );
    console.log(`edited Service: repaired after ${Math.round(performance.now() - began)} ms`);
    const note = harness.notes.findLast(({ reason }) => reason === 'DriftRepaired');
    expect(note?.message).toContain('kubectl-patch');
    expect(note?.message).toContain('targetPort');
  });

  it('brings back a deleted Deployment and a removed label', async () => {
    await kubectl(['delete', 'deployment', 'istiod', '-n', 'istio-system']);
    await kubectl(['label', 'service', 'istiod', '-n', 'istio-system', 'sailwright.dev/managed-']);
    const began = performance.now();
    await waitFor('the Deployment to be back', async () => (await harness.admin.get(ISTIOD)) !== undefined, {
      timeoutMs: 10_000,
      intervalMs: 20,
    });
    console.log(`deleted Deployment: back after ${Math.round(performance.now() - began)} ms`);
    await waitFor('the label to be back', async () => {
      const service = await harness.admin.get({ ...ISTIOD, apiVersion: 'v1', kind: 'Service' });
      return service?.metadata.labels?.['sailwright.dev/managed'] === 'true';
    });
    await harness.waitForCondition('Ready');
  });

  it('leaves to istiod what istiod proves: caBundle and failurePolicy', async () => {
    const webhook: ObjectRef = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      name: 'istio-validator-istio-system',
    };
    const live = await harness.admin.get(webhook);
    const names = (live?.['webhooks'] as { name: string }[]).map(({ name }) => name);
    // Not Fail: nothing here answers.
    const patch = { webhooks: names.map((name) => ({ name, clientConfig: { caBundle: 'Zm9v' } })) };
    await harness.admin.patch(webhook, patch, { type: 'strategic', fieldManager: 'pilot-discovery' });
    await harness.waitForQuiet();
    harness.writes = [];
    await kubectl(['annotate', 'iop', 'mesh', '-n', NAMESPACE, 'test.sailwright.dev/pass=2', '--overwrite']);
    await harness.waitForQuiet();
    expect(harness.writes).toEqual([]);
    const [first] = (await harness.admin.get(webhook))?.['webhooks'] as { clientConfig: { caBundle: string } }[];
    expect(first?.clientConfig.caBundle).toBe('Zm9v');
  });

  it('says what is wrong with a bad resource and leaves what runs alone', async () => {
    const uid = (await harness.admin.get(ISTIOD))?.metadata['uid'];
    await harness.applySpec({ profile: 'default', values: { global: { noSuchSetting: true } } });
    const stalled = await harness.waitForCondition('Stalled');
    expect(stalled.message).toContain('spec.values.global.noSuchSetting');
    expect((await harness.admin.get(ISTIOD))?.metadata['uid']).toBe(uid);
    await harness.applySpec({ profile: 'default' });
    await harness.waitForCondition('Ready');
  });

  it('removes exactly the gateway when that is disabled', async () => {
    const count = async (): Promise<number> =>
      ((await harness.admin.get(harness.ref()))?.['status'] as { inventory: [] }).inventory.length;
    const before = await count();
    await harness.applySpec({
      profile: 'default',
      components: { ingressGateways: [{ name: 'istio-ingressgateway', enabled: false }] },
    });
    await harness.waitForCondition('Ready');
    await waitFor('the gateway to be gone', async () => (await harness.admin.get(GATEWAY)) === undefined);
    expect(await count()).toBeLessThan(before);
    expect(await harness.admin.get(ISTIOD)).toBeDefined();
  });

  it('does nothing while it is paused', async () => {
    await kubectl(['annotate', 'iop', 'mesh', '-n', NAMESPACE, 'install.istio.io/ignoreReconcile=true']);
    await harness.waitForCondition('Paused');
    await kubectl(['delete', 'configmap', 'istio', '-n', 'istio-system']);
    await harness.waitForQuiet();
    const map: ObjectRef = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'istio-system', name: 'istio' };
    expect(await harness.admin.get(map)).toBeUndefined();
    await kubectl(['annotate', 'iop', 'mesh', '-n', NAMESPACE, 'install.istio.io/ignoreReconcile-']);
    await waitFor('the ConfigMap to be back', async () => (await harness.admin.get(map)) !== undefined);
  });

  it('ends, and leaves nothing of its own but CRDs and namespaces', async () => {
    const { inventory } = (await harness.admin.get(harness.ref()))?.['status'] as {
      inventory: (ObjectRef & { component: string })[];
    };
    const began = performance.now();
    await kubectl(['delete', 'iop', 'mesh', '-n', NAMESPACE, '--timeout=60s']);
    console.log(`deletion: ${Math.round(performance.now() - began)} ms`);
    const left: KubeObject[] = [];
    for (const ref of inventory.filter(({ kind }) => kind !== 'CustomResourceDefinition')) {
      const object = await harness.admin.get(ref);
      if (object) left.push(object);
    }
    expect(left.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([]);
  });
});

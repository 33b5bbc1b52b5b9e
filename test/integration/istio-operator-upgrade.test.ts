// An upgrade in place is checked before its first write, and taken back by one annotation.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject, ObjectRef } from '../../src/core/kube-object.ts';
import { waitFor } from '../../testbed/wait.ts';
import { runSailwright } from '../builders/run-sailwright.ts';
import { ControllerHarness } from './support/controller-harness.ts';

const SYSTEM = 'istio-system';
const ISTIOD: ObjectRef = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: SYSTEM, name: 'istiod' };
const SERVICE: ObjectRef = { apiVersion: 'v1', kind: 'Service', namespace: SYSTEM, name: 'istiod' };
const PROXY: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'left-behind',
    namespace: 'default',
    labels: { 'service.istio.io/canonical-name': 'left-behind' },
    annotations: { 'istio.io/rev': 'default' },
  },
  spec: { containers: [{ name: 'istio-proxy', image: 'docker.io/istio/proxyv2:1.29.3' }] },
};

/** 1.30 does not know the field, 1.31 asks for its timeout. */
const REFUSED_LATER: KubeObject = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'DestinationRule',
  metadata: { name: 'pinged', namespace: 'default' },
  spec: {
    host: 'a.example.com',
    trafficPolicy: { connectionPool: { http: { http2KeepAlive: { interval: '5s' } } } },
  },
};

let harness: ControllerHarness;

beforeAll(async () => {
  harness = await ControllerHarness.start('upgrade-test');
  await harness.kubectl(['create', 'namespace', SYSTEM]);
  await harness.applySpec({ profile: 'minimal' });
  await annotate('istio-version=1.30');
  await waitForMinor('1.30');
});
afterAll(() => harness.stop());

async function annotate(...annotations: string[]): Promise<void> {
  const named = annotations.map((text) => `sailwright.dev/${text}`);
  await harness.annotate(named);
}

async function fetchTag(): Promise<string> {
  const { spec } = ((await harness.admin.get(ISTIOD)) ?? {}) as {
    spec?: { template: { spec: { containers: { image: string }[] } } };
  };
  return spec?.template.spec.containers[0]?.image.split(':').at(-1) ?? '';
}

async function waitForMinor(minor: string): Promise<void> {
  await waitFor(
    `Istio ${minor} to run`,
    async () => {
      const ready = await harness.fetchCondition('Ready');
      const { istioVersion } = await harness.fetchStatus();
      return istioVersion === minor && ready?.status === 'True' && (await fetchTag()).startsWith(`${minor}.`);
    },
    { timeoutMs: 60_000 },
  );
}

describe.sequential('an upgrade to the next minor', () => {
  it('does not begin while something speaks against it, and drift is repaired meanwhile', async () => {
    await harness.admin.create(PROXY);
    await harness.admin.create(REFUSED_LATER);
    await annotate('istio-version=1.31');
    const stalled = await harness.waitForCondition('Stalled');
    expect(stalled.reason).toBe('PrecheckFailed');
    expect(stalled.message).toContain('ProxiesTooOld: 1 proxy is');
    expect(stalled.message).toContain('default/left-behind (1.29.3)');
    expect(stalled.message).toContain(
      'ResourceRefused: istiod 1.31 refuses what is stored: DestinationRule default/pinged (spec.trafficPolicy',
    );
    expect(await fetchTag()).toBe('1.30.8');
    await harness.admin.delete(SERVICE);
    await waitFor('the Service to be back', () => harness.admin.get(SERVICE));
    expect(await fetchTag()).toBe('1.30.8');
    expect(await harness.fetchStatus()).toMatchObject({ istioVersion: '1.30' });
  });

  it('is told by the command as by the operator', async () => {
    const options = ['--kubeconfig', harness.kubeconfig];
    const { code, out } = await runSailwright(['precheck', 'mesh', '-n', harness.namespace, ...options]);
    expect(out).toMatch(/^IstioOperator upgrade-test\/mesh: 1\.30\.8 to 1\.31\.4\n {2}blocking {2}ProxiesTooOld: /);
    expect(out).toContain('  blocking  ResourceRefused: ');
    expect(out).toContain('2 in the way of the upgrade');
    expect(code).toBe(1);
    const asJson = await runSailwright(['precheck', '--from', '1.30', '--to', '1.32', '-o', 'json', ...options]);
    const [mesh] = JSON.parse(asJson.out) as { findings: { code: string }[] }[];
    expect(mesh?.findings.map(({ code: found }) => found)).toEqual(
      expect.arrayContaining(['MinorsSkipped', 'ProxiesTooOld']),
    );
  });

  it('begins when the annotation names what is passed over', async () => {
    await annotate('skip-precheck=ProxiesTooOld,ResourceRefused');
    await waitForMinor('1.31');
    expect(await harness.fetchStatus()).toMatchObject({ previousRelease: '1.30.8' });
  });

  it('is taken back by one annotation, and begins anew without it', async () => {
    await annotate('roll-back=true');
    await waitForMinor('1.30');
    expect(await harness.fetchStatus()).toMatchObject({ previousRelease: '1.30.8' });
    await annotate('roll-back-');
    await waitForMinor('1.31');
  });
});

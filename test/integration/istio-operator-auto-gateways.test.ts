// Gateways whose image only an injector can fill in: they start when one selects their pods, and not before.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { KubeObject, ObjectRef } from '../../src/core/kube-object.ts';
import { waitFor } from '../../testbed/wait.ts';
import { ControllerHarness } from './support/controller-harness.ts';

const NAMESPACE = 'edge';
const GATEWAY: ObjectRef = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: NAMESPACE, name: 'gate' };
const SERVICE: ObjectRef = { ...GATEWAY, apiVersion: 'v1', kind: 'Service' };

let harness: ControllerHarness;
beforeAll(async () => {
  harness = await ControllerHarness.start(NAMESPACE);
});
afterAll(() => harness.stop());

const gatewaySpec = (more: object = {}): object => ({
  profile: 'empty',
  revision: 'canary',
  components: { ingressGateways: [{ name: 'gate', namespace: NAMESPACE, enabled: true, ...more }] },
  values: { gateways: { 'istio-ingressgateway': { injectionTemplate: 'gateway' } } },
});

/** As an istiod of another installer has it. */
const foreignInjector = (revision: string): KubeObject => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingWebhookConfiguration',
  metadata: {
    name: `istio-sidecar-injector-${revision}`,
    labels: { app: 'sidecar-injector', 'istio.io/rev': revision },
  },
  webhooks: [
    {
      name: 'rev.object.sidecar-injector.istio.io',
      clientConfig: { service: { name: `istiod-${revision}`, namespace: 'istio-system', path: '/inject' } },
      namespaceSelector: { matchExpressions: [{ key: 'istio-injection', operator: 'DoesNotExist' }] },
      objectSelector: { matchLabels: { 'istio.io/rev': revision } },
      rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }],
      failurePolicy: 'Ignore',
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
    },
  ],
});

async function waitForReason(reason: string, text = ''): Promise<string> {
  return waitFor(
    `${reason} ${text}`,
    async () => {
      const ready = await harness.fetchCondition('Ready');
      return ready?.reason === reason && ready.message.includes(text) ? `${ready.status} ${ready.message}` : undefined;
    },
    { timeoutMs: 60_000 },
  );
}
const fetchGateway = (): Promise<KubeObject | undefined> => harness.admin.get(GATEWAY);

it('does not start while no injector is of its revision, and says so', async () => {
  await harness.applySpec(gatewaySpec());
  expect(await waitForReason('WaitingForInjector', 'revision canary')).toMatch(
    /^False .*Deployment edge\/gate has the image "auto"/,
  );
  expect(await fetchGateway()).toBeUndefined();
  expect(await harness.admin.get(SERVICE)).toBeDefined();
  const { componentStatus } = await harness.fetchStatus();
  expect(componentStatus).toMatchObject({ IngressGateways: { status: 'ACTION_REQUIRED' } });
  expect(harness.notes.map(({ reason }) => reason)).toContain('WaitingForInjector');
});

it('names the label in the way when one is there', async () => {
  await harness.kubectl(['label', 'namespace', NAMESPACE, 'istio-injection=disabled']);
  await harness.admin.create(foreignInjector('canary'));
  const told = await waitForReason('WaitingForInjector', 'istio-sidecar-injector-canary');
  expect(told).toContain('of the namespace it wants no label istio-injection, but it is "disabled"');
  expect(await fetchGateway()).toBeUndefined();
});

it('starts when the label is gone, by the injector of others', async () => {
  await harness.kubectl(['label', 'namespace', NAMESPACE, 'istio-injection-']);
  await waitForReason('Installed');
  expect(await fetchGateway()).toBeDefined();
});

it('keeps what runs as it is when the injector goes, and tells when a change has to wait', async () => {
  const { kind, metadata } = foreignInjector('canary');
  await harness.kubectl(['delete', kind, metadata.name]);
  const before = (await fetchGateway())?.metadata['generation'];
  await harness.applySpec(gatewaySpec({ k8s: { env: [{ name: 'CHANGED', value: 'yes' }] } }));
  await waitForReason('WaitingForInjector', 'revision canary');
  expect((await fetchGateway())?.metadata['generation']).toBe(before);
  await harness.admin.create(foreignInjector('canary'));
  await waitForReason('Installed');
  expect((await fetchGateway())?.metadata['generation']).not.toBe(before);
});

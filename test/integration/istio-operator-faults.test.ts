// Requests that fail: others go on, nothing is removed in doubt, and all heals by itself.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ObjectRef } from '../../src/core/kube-object.ts';
import { ApiError } from '../../src/kube/errors.ts';
import { waitFor } from '../../testbed/wait.ts';
import { ControllerHarness } from './support/controller-harness.ts';

const ISTIOD: ObjectRef = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'istio-system', name: 'istiod' };
const GATEWAY: ObjectRef = { ...ISTIOD, name: 'istio-ingressgateway' };
const refused = (): ApiError => new ApiError({ status: 403, reason: 'Forbidden', message: 'refused by the test' });

let harness: ControllerHarness;

beforeAll(async () => {
  harness = await ControllerHarness.start('fault-test', { isProxied: true });
});
afterAll(() => harness.stop());

it('one refused object does not keep the others of its phase, but the later phases', async () => {
  harness.fault = (method, { kind, name }) =>
    method === 'apply' && kind === 'ConfigMap' && name === 'istio' ? refused() : undefined;
  await harness.applySpec({ profile: 'default' });
  const ready = await waitFor('the failure to be told', async () => {
    const condition = await harness.fetchCondition('Ready');
    return condition?.reason === 'ApplyFailed' ? condition : undefined;
  });
  expect(ready.message).toContain('ConfigMap istio-system/istio: refused by the test');
  expect(await harness.admin.get(ISTIOD)).toBeDefined();
  expect(await harness.admin.get(GATEWAY)).toBeUndefined();
  harness.fault = () => undefined;
  await harness.waitForCondition('Ready');
  expect(await harness.admin.get(GATEWAY)).toBeDefined();
});

it('a failed read keeps everything that is there', async () => {
  const { proxy } = harness;
  if (!proxy) throw new Error('the harness has no proxy');
  // The informers fail as well: what they know, a pass after the first would take from them.
  proxy.fault = ({ path }) => (/\/roles(\?|$)/.test(path) ? { answer: 403, body: 'refused by the test' } : undefined);
  await harness.restart(() =>
    harness.applySpec({
      profile: 'default',
      components: { ingressGateways: [{ name: 'istio-ingressgateway', enabled: false }] },
    }),
  );
  const ready = await waitFor('the failure to be told', async () => {
    const condition = await harness.fetchCondition('Ready');
    return condition?.reason === 'ReadFailed' ? condition : undefined;
  });
  expect(ready.status).toBe('Unknown');
  expect(ready.message).toContain('could not read Role');
  const passes = await harness.fetchPasses();
  await waitFor('more passes', async () => (await harness.fetchPasses()) > passes + 1);
  expect(await harness.admin.get(GATEWAY)).toBeDefined();
  proxy.fault = () => undefined;
  await harness.waitForCondition('Ready');
  await waitFor('the gateway to be gone', async () => (await harness.admin.get(GATEWAY)) === undefined);
});

it('a deletion that is refused says what blocks it, and ends once it is allowed', async () => {
  harness.fault = (method, { kind }) => (method === 'delete' && kind === 'Deployment' ? refused() : undefined);
  await harness.kubectl(['delete', 'iop', 'mesh', '-n', harness.namespace, '--wait=false']);
  const ready = await waitFor('the blocker to be told', async () => {
    const condition = await harness.fetchCondition('Ready');
    return condition?.reason === 'DeletionBlocked' ? condition : undefined;
  });
  expect(ready.message).toContain('Deployment istio-system/istiod could not be removed: refused by the test');
  harness.fault = () => undefined;
  await waitFor('the resource to be gone', async () => (await harness.admin.get(harness.ref())) === undefined);
  expect(await harness.admin.get(ISTIOD)).toBeUndefined();
});

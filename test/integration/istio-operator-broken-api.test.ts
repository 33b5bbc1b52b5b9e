// Answers that look like "there is no such thing" while the API server is broken are failed reads.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ObjectRef } from '../../src/core/kube-object.ts';
import type { ProxiedRequest } from '../../testbed/fault-proxy.ts';
import { waitFor } from '../../testbed/wait.ts';
import { ControllerHarness } from './support/controller-harness.ts';

const ISTIOD: ObjectRef = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'istio-system', name: 'istiod' };
const GATEWAY: ObjectRef = { ...ISTIOD, name: 'istio-ingressgateway' };
const NOT_FOUND = { answer: 404, body: '404 page not found' };

let harness: ControllerHarness;

beforeAll(async () => {
  harness = await ControllerHarness.start('broken-api-test', { isProxied: true });
  await harness.applySpec({ profile: 'default' });
  await harness.waitForCondition('Ready');
});
afterAll(() => harness.stop());

function breakPaths(isBroken: (path: string) => boolean): void {
  if (harness.proxy) harness.proxy.fault = ({ path }: ProxiedRequest) => (isBroken(path) ? NOT_FOUND : undefined);
}

it.each<[what: string, isBroken: (path: string) => boolean]>([
  ['a group answers 404', (path) => path.startsWith('/apis/apps/v1')],
  ['all groups and their list answer 404', (path) => path === '/apis' || path.startsWith('/apis/apps')],
])('while %s, nothing is taken for absent', async (_what, isBroken) => {
  const uids = await Promise.all([ISTIOD, GATEWAY].map(async (ref) => (await harness.admin.get(ref))?.metadata['uid']));
  breakPaths(isBroken);
  // The first pass of a process reads straight from the API server.
  await harness.restart();
  await waitFor('the failed read to be told', async () => {
    const condition = await harness.fetchCondition('Ready');
    return condition?.reason === 'ReadFailed' && condition.message.includes('Deployment');
  });
  breakPaths(() => false);
  await harness.waitForCondition('Ready');
  for (const [index, ref] of [ISTIOD, GATEWAY].entries()) {
    expect((await harness.admin.get(ref))?.metadata['uid']).toBe(uids[index]);
  }
});

it('a kind that can be read no more is named, with the time when it was read last', async () => {
  breakPaths((path) => path.startsWith('/apis/autoscaling'));
  harness.proxy?.reset();
  const stale = await harness.waitForCondition('DataStale');
  expect(stale).toMatchObject({ reason: 'KindsNotRead' });
  expect(stale.message).toContain('HorizontalPodAutoscaler since 20');
  breakPaths(() => false);
  await waitFor('the condition to go', async () => (await harness.fetchCondition('DataStale')) === undefined, {
    timeoutMs: 90_000,
  });
});

it('a deletion waits until the group is back, and leaves nothing', async () => {
  breakPaths((path) => path.startsWith('/apis/apps/v1'));
  await harness.kubectl(['delete', 'iop', 'mesh', '-n', harness.namespace, '--wait=false']);
  const ready = await waitFor('the blocker to be told', async () => {
    const condition = await harness.fetchCondition('Ready');
    return condition?.reason === 'DeletionBlocked' ? condition : undefined;
  });
  expect(ready.message).toContain('could not be searched: Deployment');
  expect(await harness.admin.get(harness.ref())).toBeDefined();
  breakPaths(() => false);
  await waitFor('the resource to be gone', async () => (await harness.admin.get(harness.ref())) === undefined, {
    timeoutMs: 60_000,
  });
  for (const ref of [ISTIOD, GATEWAY]) expect(await harness.admin.get(ref)).toBeUndefined();
});

import { expect, it } from 'vitest';
import { FakeClock } from '../../test/builders/fake-clock.ts';
import { FakeKubeApi, refused, unreachable } from '../../test/builders/fake-kube-api.ts';
import type { KubeObject } from '../core/kube-object.ts';
import { Informer } from './informer.ts';

const KIND = { apiVersion: 'v1', kind: 'ConfigMap' };

function configMap(name: string, value = ''): KubeObject {
  return { ...KIND, metadata: { name, namespace: 'ns' }, data: { value } };
}

async function startInformer(api: FakeKubeApi): Promise<{ informer: Informer; clock: FakeClock; heard: string[] }> {
  const clock = new FakeClock();
  const informer = new Informer({ api, kind: KIND, clock, random: () => 0 });
  const heard: string[] = [];
  informer.subscribe(({ type, object }) => heard.push(`${type} ${object.metadata.name}`));
  informer.start();
  await clock.advance(0);
  return { informer, clock, heard };
}

it('tells what is there, and what changes', async () => {
  const api = new FakeKubeApi();
  api.seed(configMap('a'));
  const { informer, clock, heard } = await startInformer(api);
  await informer.waitForSync();
  api.seed(configMap('b'));
  api.seed(configMap('a', 'new'));
  api.remove({ ...KIND, namespace: 'ns', name: 'b' });
  await clock.advance(1);
  expect(heard).toEqual(['added a', 'added b', 'updated a', 'deleted b']);
  expect(informer.get({ namespace: 'ns', name: 'a' })?.['data']).toEqual({ value: 'new' });
  await informer.stop();
});

it.each([
  { how: 'refused as too old', error: refused(410, 'Expired') },
  { how: 'refused by a server error', error: refused(500, 'InternalError') },
])('reads all anew after a watch was $how', async ({ error }) => {
  const api = new FakeKubeApi();
  api.seed(configMap('a'));
  const { informer, clock, heard } = await startInformer(api);
  api.endWatches(error);
  api.remove({ ...KIND, namespace: 'ns', name: 'a' });
  api.seed(configMap('b'));
  await clock.advance(1_000);
  expect(heard).toEqual(['added a', 'added b', 'deleted a']);
  expect(informer.isHealthy).toBe(true);
  expect(informer.restarts).toBe(1);
  await informer.stop();
});

it('is unhealthy and keeps its picture while the API server is away, and comes back', async () => {
  const api = new FakeKubeApi();
  api.seed(configMap('a'));
  const { informer, clock } = await startInformer(api);
  api.fault = () => unreachable();
  api.endWatches(unreachable());
  await clock.advance(3_600_000);
  expect([informer.isHealthy, informer.list().length]).toEqual([false, 1]);
  api.fault = () => undefined;
  await clock.advance(10_000);
  expect(informer.isHealthy).toBe(true);
  await informer.stop();
});

it('takes a silent watch for dead', async () => {
  const api = new FakeKubeApi();
  const { informer, clock, heard } = await startInformer(api);
  const lists: string[] = [];
  api.fault = ({ verb }) => void lists.push(verb);
  await clock.advance(181_000);
  expect(lists).toEqual(['list', 'watch']);
  api.seed(configMap('late'));
  await clock.advance(1);
  expect(heard).toEqual(['added late']);
  await informer.stop();
});

it('counts a kind that is not served as empty, and finds it once it is', async () => {
  const api = new FakeKubeApi();
  api.unserved.add('ConfigMap');
  const { informer, clock, heard } = await startInformer(api);
  expect([informer.hasSynced, informer.isServed, informer.isHealthy]).toEqual([true, false, true]);
  api.unserved.clear();
  api.seed(configMap('a'));
  await clock.advance(10_000);
  expect(heard).toEqual(['added a']);
  expect(informer.isServed).toBe(true);
  await informer.stop();
});

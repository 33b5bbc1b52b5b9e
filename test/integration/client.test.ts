import { afterAll, beforeAll, expect, it } from 'vitest';
import { createKubeClient, loadKubeConfig, type KubeClient, type WriteRecord } from '../../src/kube/client.ts';
import type { ApiError } from '../../src/kube/errors.ts';
import { isConflict, isKindNotServed, LeadershipLost } from '../../src/kube/errors.ts';
import { EventRecorder } from '../../src/kube/events.ts';
import { createSilentLog } from '../../src/telemetry/log.ts';
import { obtainCluster, type ObtainedCluster } from '../../testbed/obtain.ts';
import { waitFor } from '../../testbed/wait.ts';

const NAMESPACE = `client-test-${process.pid}`;
const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap' };
let cluster: ObtainedCluster;
let client: KubeClient;

beforeAll(async () => {
  cluster = await obtainCluster();
  client = createKubeClient({ version: 'test', kubeConfig: loadKubeConfig(cluster.kubeconfig) });
  await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
});
afterAll(async () => {
  await client.delete({ apiVersion: 'v1', kind: 'Namespace', name: NAMESPACE });
  client.close();
  await cluster.stop();
});

function configMap(
  name: string,
  data: Record<string, string>,
): typeof CONFIG_MAP & {
  metadata: { name: string; namespace: string };
  data: Record<string, string>;
} {
  return { ...CONFIG_MAP, metadata: { name, namespace: NAMESPACE }, data };
}

it('creates, reads, lists, applies and deletes', async () => {
  const ref = { ...CONFIG_MAP, namespace: NAMESPACE, name: 'a' };
  expect(await client.get(ref)).toBeUndefined();
  const applied = await client.apply(configMap('a', { x: '1' }), { fieldManager: 'sailwright' });
  expect((await client.get(ref))?.metadata['uid']).toBe(applied.metadata['uid']);
  const { items } = await client.list(CONFIG_MAP, { namespace: NAMESPACE, fieldSelector: 'metadata.name=a' });
  expect(items).toMatchObject([{ ...CONFIG_MAP, data: { x: '1' } }]);
  expect(await client.delete(ref, { uid: 'another' })).toBe('absent');
  expect(await client.delete(ref)).toBe('deleted');
  expect(await client.delete(ref)).toBe('absent');
});

it('names manager and field of a conflict, and takes over only by force', async () => {
  await client.apply(configMap('b', { x: '1' }), { fieldManager: 'somebody' });
  const ours = configMap('b', { x: '2' });
  const error: unknown = await client.apply(ours, { fieldManager: 'sailwright' }).catch((reason: unknown) => reason);
  expect(isConflict(error)).toBe(true);
  expect((error as ApiError).conflicts).toEqual([{ manager: 'somebody', field: '.data.x' }]);
  const taken = await client.apply(ours, { fieldManager: 'sailwright', force: true });
  expect(taken['data']).toEqual({ x: '2' });
});

it('knows scopes, and says when a kind is not served', async () => {
  expect(await client.scopeOf(CONFIG_MAP)).toBe('Namespaced');
  expect(await client.scopeOf({ apiVersion: 'v1', kind: 'Namespace' })).toBe('Cluster');
  const unknown = { apiVersion: 'nowhere.example/v1', kind: 'Nothing' };
  expect(await client.scopeOf(unknown)).toBeUndefined();
  expect(await client.get({ ...unknown, name: 'x', namespace: NAMESPACE })).toBeUndefined();
  expect(isKindNotServed(await client.list(unknown).catch((reason: unknown) => reason))).toBe(true);
  expect(await client.serverVersion()).toMatch(/^v1\./);
});

it('sends no write once its guard says no, and counts those it sent', async () => {
  let leading = true;
  const writes: WriteRecord[] = [];
  const guarded = client.scoped({ canWrite: () => leading, onWrite: (write) => writes.push(write) });
  await guarded.apply(configMap('c', { x: '1' }), { fieldManager: 'sailwright' });
  await guarded.apply(configMap('c', { x: '2' }), { fieldManager: 'sailwright', dryRun: true });
  leading = false;
  const refused = guarded.apply(configMap('c', { x: '3' }), { fieldManager: 'sailwright' });
  await expect(refused).rejects.toBeInstanceOf(LeadershipLost);
  expect(writes.map(({ verb, ok }) => `${verb} ${ok}`)).toEqual(['apply true']);
  const live = await client.get({ ...CONFIG_MAP, namespace: NAMESPACE, name: 'c' });
  expect(live?.['data']).toEqual({ x: '1' });
});

it('reads more than one page, each object once', async () => {
  const names = Array.from({ length: 520 }, (_, index) => `page-${index}`);
  for (let start = 0; start < names.length; start += 40) {
    await Promise.all(names.slice(start, start + 40).map((name) => client.create(configMap(name, {}))));
  }
  const { items } = await client.list(CONFIG_MAP, { namespace: NAMESPACE });
  const listed = items.map(({ metadata }) => metadata.name).filter((name) => name.startsWith('page-'));
  expect(listed.sort()).toEqual(names.sort());
});

it('turns the same note told twice into one Event with a count', async () => {
  const about = await client.apply(configMap('d', {}), { fieldManager: 'sailwright' });
  const recorder = new EventRecorder({
    api: client,
    component: 'sailwright',
    instance: 'test',
    log: createSilentLog(),
  });
  const note = { type: 'Warning', reason: 'Tested', message: 'it was tested' } as const;
  recorder.record(about, note);
  recorder.record(about, note);
  recorder.record(about, note);
  await recorder.stop();
  const events = await waitFor('the Event', async () => {
    const { items } = await client.list({ apiVersion: 'events.k8s.io/v1', kind: 'Event' }, { namespace: NAMESPACE });
    const ours = items.filter((event) => event['reason'] === 'Tested');
    return ours.length > 0 && ours;
  });
  expect(events).toMatchObject([{ note: 'it was tested', series: { count: 3 } }]);
});

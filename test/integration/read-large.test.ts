// What others store may be large, and many: it is read all the same, in pieces, and nothing else suffers.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { bareObject, type KubeObject } from '../../src/core/kube-object.ts';
import { createKubeClient, loadKubeConfig, type KubeClient } from '../../src/kube/client.ts';
import { InformerPool } from '../../src/kube/informer-pool.ts';
import { FaultProxy } from '../../testbed/fault-proxy.ts';
import { obtainCluster, type ObtainedCluster } from '../../testbed/obtain.ts';
import { waitFor } from '../../testbed/wait.ts';

const KIND = { apiVersion: 'v1', kind: 'ConfigMap' };
const NAMESPACE = `large-${process.pid}`;
const COUNT = 50;
const SELECTION = { namespace: NAMESPACE, labelSelector: 'large=yes' };
const MIB = 1024 * 1024;
let cluster: ObtainedCluster;
let proxy: FaultProxy;
let folder: string;
let client: KubeClient;

beforeAll(async () => {
  cluster = await obtainCluster({});
  folder = await mkdtemp(join(tmpdir(), 'sailwright-large-'));
  proxy = await FaultProxy.start(cluster.kubeconfig);
  const through = loadKubeConfig(await proxy.writeKubeconfig(join(folder, 'kubeconfig')));
  client = createKubeClient({ version: 'test', kubeConfig: through, timeoutMs: 10_000 });
  await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
  for (let i = 0; i < COUNT; i += 1) await client.create(configMap(i));
  proxy.forget();
});
afterEach(() => {
  proxy.fault = () => undefined;
  proxy.forget();
});
afterAll(async () => {
  await client.delete({ apiVersion: 'v1', kind: 'Namespace', name: NAMESPACE });
  client.close();
  await proxy.stop();
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
});

function configMap(i: number): KubeObject {
  const metadata = { name: `large-${i}`, namespace: NAMESPACE, labels: { large: 'yes' } };
  return { ...KIND, metadata, data: { text: String(i % 10).repeat(MIB - 10_000) } };
}

const limits = (): (string | null)[] => proxy.seen.map(({ query }) => query.get('limit'));

it('reads a list with smaller pages when they are too large, complete and reduced', async () => {
  const { items } = await client.list(KIND, { ...SELECTION, reduce: bareObject });
  expect(new Set(items.map(({ metadata }) => metadata.name)).size).toBe(COUNT);
  expect(items).toHaveLength(COUNT);
  // 50 MiB at once are too much; of what fits, half is asked for.
  const [first, ...others] = limits();
  expect(first).toBe('500');
  expect(others.length).toBeGreaterThan(2);
  expect(others.every((limit) => Number(limit) >= 10 && Number(limit) <= 20)).toBe(true);
  expect(JSON.stringify(items).length).toBeLessThan(20_000);
});

it('reads only metadata where no more is wanted, also of what changes', async () => {
  const informer = new InformerPool({ api: client }).open({ kind: KIND, ...SELECTION, metadataOnly: true });
  informer.start();
  try {
    await informer.waitForSync(AbortSignal.timeout(20_000));
    expect(informer.size).toBe(COUNT);
    const annotations = { changed: 'yes' };
    const ref = { ...KIND, namespace: NAMESPACE, name: 'large-0' };
    await client.patch(ref, { metadata: { annotations } }, { type: 'merge', fieldManager: 'test' });
    await waitFor('the change', () => informer.get(ref)?.metadata.annotations?.['changed'] === 'yes');
    expect(informer.list().every((object) => object.kind === 'ConfigMap' && !('data' in object))).toBe(true);
    expect(JSON.stringify(informer.list()).length).toBeLessThan(100_000);
  } finally {
    await informer.stop();
  }
});

it('reads the list to its end when the token of its next page has expired', async () => {
  let expired = 0;
  proxy.fault = ({ query }) => {
    if (!query.has('continue')) return undefined;
    expired += 1;
    return { answer: 410 };
  };
  const { items } = await client.list(KIND, { ...SELECTION, reduce: bareObject });
  expect([items.length, expired]).toEqual([COUNT, 2]);
});

it('waits as long as the API server asks, whatever was turned away', async () => {
  const refused = new Set<string>();
  const at: number[] = [];
  proxy.fault = ({ method, path }) => {
    at.push(performance.now());
    if (refused.has(`${method} ${path}`)) return undefined;
    refused.add(`${method} ${path}`);
    return { answer: 429, headers: { 'retry-after': '1' } };
  };
  const metadata = { name: 'later', namespace: NAMESPACE };
  const ref = { ...KIND, ...metadata };
  await client.create({ ...KIND, metadata });
  await client.patch(ref, { data: { a: 'b' } }, { type: 'merge', fieldManager: 'test' });
  await client.apply({ ...KIND, metadata, data: { c: 'd' } }, { fieldManager: 'test' });
  expect(await client.get(ref)).toMatchObject({ data: { a: 'b', c: 'd' } });
  expect(await client.delete(ref)).toBe('deleted');
  const first = at.filter((_, index) => index % 2 === 0 && index < 4);
  expect(first.map((moment, i) => (at[i * 2 + 1] ?? 0) - moment).every((ms) => ms >= 1_000)).toBe(true);
});

it('does not repeat a write of which nobody knows whether it was carried out', async () => {
  proxy.fault = ({ isWrite }) => (isWrite ? { answer: 503, headers: { 'retry-after': '1' } } : undefined);
  const metadata = { name: 'unknown', namespace: NAMESPACE };
  await expect(client.create({ ...KIND, metadata })).rejects.toMatchObject({ status: 503 });
  expect(proxy.seen).toHaveLength(1);
});

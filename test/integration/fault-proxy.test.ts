// The proxy that other tests break the way to the API server with does what it says.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mkdtemp, rm } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createKubeClient, loadKubeConfig, type KubeClient } from '../../src/kube/client.ts';
import type { WatchEvent } from '../../src/kube/watch-api.ts';
import { FaultProxy } from '../../testbed/fault-proxy.ts';
import { obtainCluster, type ObtainedCluster } from '../../testbed/obtain.ts';
import { waitFor } from '../../testbed/wait.ts';

const KIND = { apiVersion: 'v1', kind: 'ConfigMap' };
const namespace = 'default';
let cluster: ObtainedCluster;
let proxy: FaultProxy;
let folder: string;
let direct: KubeClient;
let client: KubeClient;

beforeAll(async () => {
  cluster = await obtainCluster();
  folder = await mkdtemp(join(tmpdir(), 'sailwright-proxy-'));
  proxy = await FaultProxy.start(cluster.kubeconfig);
  const through = loadKubeConfig(await proxy.writeKubeconfig(join(folder, 'kubeconfig')));
  client = createKubeClient({ version: 'test', kubeConfig: through, timeoutMs: 2_000 });
  direct = createKubeClient({ version: 'test', kubeConfig: loadKubeConfig(cluster.kubeconfig) });
});
afterEach(() => {
  proxy.heal();
  proxy.fault = () => undefined;
});
afterAll(async () => {
  client.close();
  direct.close();
  await proxy.stop();
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
});

const ref = (name: string): { apiVersion: string; kind: string; namespace: string; name: string } => ({
  ...KIND,
  namespace,
  name,
});
const configMap = (name: string): typeof KIND & { metadata: { name: string; namespace: string } } => ({
  ...KIND,
  metadata: { name, namespace },
});

/** Opens a watch and gathers the names that it tells. */
async function startWatch(): Promise<{ names: string[]; stop: () => void }> {
  const names: string[] = [];
  const stop = new AbortController();
  const { resourceVersion } = await direct.list(KIND, { namespace });
  const options = { namespace, resourceVersion, timeoutSeconds: 60, signal: stop.signal };
  const read = async (events: AsyncIterable<WatchEvent>): Promise<void> => {
    for await (const { object } of events) names.push(object.metadata.name);
  };
  void read(await client.watch(KIND, options)).catch(() => undefined);
  return { names, stop: () => stop.abort() };
}

it('lets everything pass, watches too, and tells what came', async () => {
  const { names, stop } = await startWatch();
  await client.apply(configMap('proxied'), { fieldManager: 'test' });
  expect((await client.get(ref('proxied')))?.metadata.name).toBe('proxied');
  await waitFor('the event', () => names.includes('proxied'));
  const writes = proxy.seen.filter(({ isWrite }) => isWrite);
  expect(writes).toMatchObject([{ method: 'PATCH', path: `/api/v1/namespaces/${namespace}/configmaps/proxied` }]);
  stop();
});

it('answers in the place of the API server', async () => {
  proxy.fault = ({ isWrite }) => (isWrite ? { answer: 403 } : undefined);
  await expect(client.create(configMap('never'))).rejects.toMatchObject({ status: 403 });
  expect(await direct.get(ref('never'))).toBeUndefined();
});

it('loses a request, or only its answer', async () => {
  proxy.fault = ({ isWrite }) => (isWrite ? 'lose' : undefined);
  await expect(client.create(configMap('lost'))).rejects.toMatchObject({ reason: 'RequestTimeout' });
  proxy.fault = ({ isWrite }) => (isWrite ? { loseAnswer: true } : undefined);
  await expect(client.create(configMap('carried-out'))).rejects.toMatchObject({ reason: 'RequestTimeout' });
  expect([await direct.get(ref('lost')), await direct.get(ref('carried-out'))]).toMatchObject([undefined, KIND]);
});

it('silences what is open, and nothing else', async () => {
  const { names, stop } = await startWatch();
  expect(proxy.silence()).toBeGreaterThan(0);
  await direct.create(configMap('unheard'));
  await waitFor('a new connection to be good', () =>
    client.get(ref('unheard')).then(
      (found) => found !== undefined,
      () => false,
    ),
  );
  expect(names).toEqual([]);
  stop();
});

it('holds everything back while there is a partition', async () => {
  const { names, stop } = await startWatch();
  proxy.partition();
  await direct.create(configMap('held'));
  await expect(client.get(ref('held'))).rejects.toMatchObject({ reason: 'RequestTimeout' });
  expect(names).toEqual([]);
  proxy.heal();
  await waitFor('what was held to come', () => names.includes('held'));
  stop();
});

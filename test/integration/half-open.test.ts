// A connection that carries nothing any more, and does not say so, is noticed.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createKubeClient, loadKubeConfig, type KubeClient } from '../../src/kube/client.ts';
import { InformerPool } from '../../src/kube/informer-pool.ts';
import { FaultProxy } from '../../testbed/fault-proxy.ts';
import { obtainCluster, type ObtainedCluster } from '../../testbed/obtain.ts';
import { waitFor } from '../../testbed/wait.ts';

const KIND = { apiVersion: 'v1', kind: 'ConfigMap' };
const NOTICED_MS = 45_000;
let cluster: ObtainedCluster;
let proxy: FaultProxy;
let folder: string;
let client: KubeClient;
let direct: KubeClient;

beforeAll(async () => {
  cluster = await obtainCluster({});
  folder = await mkdtemp(join(tmpdir(), 'sailwright-half-open-'));
  proxy = await FaultProxy.start(cluster.kubeconfig);
  const through = loadKubeConfig(await proxy.writeKubeconfig(join(folder, 'kubeconfig')));
  client = createKubeClient({ version: 'test', kubeConfig: through });
  direct = createKubeClient({ version: 'test', kubeConfig: loadKubeConfig(cluster.kubeconfig) });
});
afterAll(async () => {
  client.close();
  direct.close();
  await proxy.stop();
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
});

it('is noticed by its watch, which goes on where it was', async () => {
  const pool = new InformerPool({ api: client });
  const informer = pool.open({ kind: KIND, namespace: 'default' });
  informer.start();
  try {
    await informer.waitForSync(AbortSignal.timeout(10_000));
    await waitFor('the watch', () => proxy.seen.some(({ isWatch, status }) => isWatch && status === 200));
    const began = performance.now();
    expect(proxy.silence()).toBeGreaterThan(0);
    proxy.forget();
    const metadata = { name: 'half-open', namespace: 'default' };
    await direct.create({ ...KIND, metadata });
    await waitFor('the object to be seen', () => informer.get(metadata), { timeoutMs: NOTICED_MS });
    console.log(`half-open watch: noticed after ${Math.round((performance.now() - began) / 100) / 10} s`);
    expect(informer.isHealthy).toBe(true);
    // The last picture was good: nothing was read anew.
    expect(proxy.seen.every(({ isWatch }) => isWatch)).toBe(true);
  } finally {
    await informer.stop();
  }
});

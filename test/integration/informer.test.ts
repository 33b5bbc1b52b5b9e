import { afterAll, beforeAll, expect, it } from 'vitest';
import { createKubeClient, loadKubeConfig, type KubeClient } from '../../src/kube/client.ts';
import { InformerPool } from '../../src/kube/informer-pool.ts';
import { startCluster, type Cluster } from '../../testbed/cluster.ts';
import { waitFor } from '../../testbed/wait.ts';

const KIND = { apiVersion: 'v1', kind: 'ConfigMap' };
const LABELS = { 'informer-test': 'yes' };
// Always the embedded cluster: nobody else's API server may be restarted.
let cluster: Cluster;
let client: KubeClient;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 1 });
  client = createKubeClient({ version: 'test', kubeConfig: loadKubeConfig(cluster.kubeconfig) });
});
afterAll(async () => {
  client.close();
  await cluster.stop();
});

async function write(name: string): Promise<void> {
  const metadata = { name, namespace: 'default', labels: LABELS };
  await client.apply({ ...KIND, metadata }, { fieldManager: 'sailwright' });
}

it('outlives a restart of the API server and sees what changes afterwards', async () => {
  const informer = new InformerPool({ api: client }).open({ kind: KIND, labelSelector: 'informer-test=yes' });
  informer.start();
  try {
    await informer.waitForSync(AbortSignal.timeout(10_000));
    await write('before');
    await waitFor('the first object', () => informer.get({ namespace: 'default', name: 'before' }));
    await cluster.kill('kube-apiserver');
    await waitFor('the informer to notice', () => !informer.isHealthy);
    expect(informer.list()).toHaveLength(1);
    await cluster.restart('kube-apiserver');
    await write('after');
    await waitFor('the later object', () => informer.get({ namespace: 'default', name: 'after' }));
    expect(informer.isHealthy).toBe(true);
    await client.delete({ ...KIND, namespace: 'default', name: 'before' });
    await waitFor('the deletion', () => informer.list().length === 1);
  } finally {
    await informer.stop();
  }
});

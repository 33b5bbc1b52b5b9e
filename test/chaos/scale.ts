// A mesh beside many pods: memory, CPU at rest, and the time until a change by somebody is repaired.
import { createKubeClient, loadKubeConfig, type KubeClient } from '../../src/kube/client.ts';
import { waitFor } from '../../testbed/wait.ts';
import type { Environment } from '../e2e/support/environment.ts';
import { fetchMetricSum } from '../e2e/support/metrics.ts';
import { deleteResource, MESH_NAMESPACE } from '../e2e/support/resource.ts';
import { measureCpu, readRss, waitForRestOf, waitForRestOfPods } from './at-rest.ts';
import { createPods } from './many-objects.ts';
import { measureChange } from './world.ts';

const STEPS = [0, 1_000, 5_000, 10_000];
const MOST_CPU = 0.02;
/** In MB, at 0 pods and at all others. */
const MOST_RSS = [140, 200] as const;
const SERVICE = { apiVersion: 'v1', kind: 'Service', namespace: MESH_NAMESPACE, name: 'istiod' };

/** Rejects when the operator takes more memory or CPU than it should; how long a repair takes is told only. */
export async function runScale(environment: Environment, most: number): Promise<void> {
  const kubeConfig = loadKubeConfig(environment.cluster.kubeconfig);
  const admin = createKubeClient({ version: 'chaos', kubeConfig });
  const operator = await environment.startOperator('scaled');
  await measureChange(0);
  console.log('\n  pods      RSS  CPU at rest  watches  drift repaired after');
  let before = 0;
  for (const pods of STEPS.filter((count) => count <= most)) {
    await createPods(admin, before, pods);
    before = pods;
    await waitForRestOfPods(admin);
    await waitForRestOf(operator);
    const cpu = await measureCpu(operator);
    const rss = await readRss(operator);
    const watches = await fetchMetricSum(operator, 'sailwright_watches');
    const drift = await measureDrift(admin);
    const cells = [pods, `${rss.toFixed(0)} MB`, `${(cpu * 100).toFixed(2)} %`, watches, `${drift.toFixed(0)} ms`];
    console.log(cells.map((cell, index) => String(cell).padStart([6, 9, 13, 9, 12][index] ?? 0)).join(''));
    if (cpu > MOST_CPU)
      throw new Error(`at rest beside ${pods} pods the operator takes more than ${MOST_CPU * 100} % CPU`);
    const mostRss = MOST_RSS[pods === 0 ? 0 : 1];
    if (rss > mostRss) throw new Error(`beside ${pods} pods the operator takes more than ${mostRss} MB`);
  }
  await deleteResource(environment.kubectl);
  await operator.stop();
  admin.close();
}

async function measureDrift(admin: KubeClient): Promise<number> {
  await admin.patch(SERVICE, { metadata: { labels: { app: 'changed' } } }, { type: 'merge', fieldManager: 'chaos' });
  const began = performance.now();
  await waitFor('the repair', async () => (await admin.get(SERVICE))?.metadata.labels?.['app'] === 'istiod', {
    intervalMs: 5,
  });
  return performance.now() - began;
}

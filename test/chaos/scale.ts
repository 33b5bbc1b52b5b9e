// A mesh beside many pods: memory, CPU at rest, and the time until a change by somebody is repaired.
import { readFile } from 'node:fs/promises';
import { createKubeClient, loadKubeConfig, type KubeClient } from '../../src/kube/client.ts';
import { mapConcurrently } from '../../src/runtime/map-concurrently.ts';
import type { OperatorProcess } from '../../testbed/operator-process.ts';
import { pause, waitFor } from '../../testbed/wait.ts';
import type { Environment } from '../e2e/support/environment.ts';
import { fetchMetricSum } from '../e2e/support/metrics.ts';
import { deleteResource, MESH_NAMESPACE } from '../e2e/support/resource.ts';
import { measureChange } from './world.ts';

const STEPS = [0, 1_000, 5_000, 10_000];
const REST_MS = 20_000;
/** What an installation or many new pods cause is over when nothing of it was seen for so long. */
const SETTLING_MS = 10_000;
const MOST_CPU = 0.02;
/** In MB, at 0 pods and at all others. */
const MOST_RSS = [140, 200] as const;
const PODS_PER_NAMESPACE = 500;
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

async function createPods(admin: KubeClient, from: number, to: number): Promise<void> {
  const indices = Array.from({ length: to - from }, (_, index) => from + index);
  for (const index of indices.filter((value) => value % PODS_PER_NAMESPACE === 0)) {
    const metadata = { name: namespaceOf(index), labels: { 'istio-injection': 'disabled' } };
    await admin.apply({ apiVersion: 'v1', kind: 'Namespace', metadata }, { fieldManager: 'chaos' });
    await waitFor('its account', () =>
      admin.get({ apiVersion: 'v1', kind: 'ServiceAccount', namespace: namespaceOf(index), name: 'default' }),
    );
  }
  await mapConcurrently(indices, 24, (index) =>
    admin.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace: namespaceOf(index), name: `app-${index}`, labels: { app: `app-${index % 50}` } },
      spec: { containers: [{ name: 'app', image: 'registry.invalid/app:1' }] },
    }),
  );
}

/** Waits until no pod has changed for a while: the scheduler takes minutes to write what it thinks of thousands. */
function waitForRestOfPods(admin: KubeClient): Promise<void> {
  return waitForRest('the pods', async () => {
    const { items } = await admin.list({ apiVersion: 'v1', kind: 'Pod' }, { metadataOnly: true });
    return items.reduce((most, { metadata }) => Math.max(most, Number(metadata['resourceVersion'])), 0);
  });
}

/** Waits until the operator has ended no pass for a while: those that follow an installation are no rest. */
function waitForRestOf(operator: OperatorProcess): Promise<void> {
  return waitForRest('the operator', () => fetchMetricSum(operator, 'sailwright_reconcile_total'));
}

async function waitForRest(whose: string, count: () => Promise<number>): Promise<void> {
  let before: number | undefined;
  const looksTheSame = async (): Promise<boolean> => {
    const now = await count();
    const isSame = now === before;
    before = now;
    return isSame;
  };
  await waitFor(`${whose} to rest`, looksTheSame, { timeoutMs: 300_000, intervalMs: SETTLING_MS });
}

function namespaceOf(index: number): string {
  return `scale-${Math.floor(index / PODS_PER_NAMESPACE)}`;
}

/** Share of one core over a while in which nothing is asked of it. */
async function measureCpu({ pid }: OperatorProcess): Promise<number> {
  const ticks = async (): Promise<number> => {
    const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
    return Number(fields[11]) + Number(fields[12]);
  };
  const before = await ticks();
  await pause(REST_MS);
  return ((await ticks()) - before) / 100 / (REST_MS / 1000);
}

async function readRss({ pid }: OperatorProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return (Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024) / 1e6;
}

async function measureDrift(admin: KubeClient): Promise<number> {
  await admin.patch(SERVICE, { metadata: { labels: { app: 'changed' } } }, { type: 'merge', fieldManager: 'chaos' });
  const began = performance.now();
  await waitFor('the repair', async () => (await admin.get(SERVICE))?.metadata.labels?.['app'] === 'istiod', {
    intervalMs: 5,
  });
  return performance.now() - began;
}

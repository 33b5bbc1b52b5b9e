// What others store in namespaces of their own, however much it is and whatever labels it carries, changes nothing for
// injection and readiness.
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject, KubeObject } from '../../src/core/kube-object.ts';
import { createKubeClient, loadKubeConfig, type KubeClient } from '../../src/kube/client.ts';
import type { OperatorProcess } from '../../testbed/operator-process.ts';
import { waitFor } from '../../testbed/wait.ts';
import { Environment } from './support/environment.ts';
import { fetchMetricSum } from './support/metrics.ts';
import { applySample, MESH_NAME, MESH_NAMESPACE, waitForCondition } from './support/resource.ts';

const SHOP = 'shop';
const NEIGHBOUR = 'neighbour';
const LARGE = 'x'.repeat(1_000_000);
const LARGE_ENVIRONMENT = Object.fromEntries(Array.from({ length: 490 }, (_, i) => [`LARGE_${i}`, 'x'.repeat(2_000)]));
/** What the operator and Istio's installers write on the objects of a control plane. */
const LABELS = {
  'operator.istio.io/component': 'Pilot',
  'sailwright.dev/managed': 'true',
  'install.operator.istio.io/owning-resource': MESH_NAME,
  'install.operator.istio.io/owning-resource-namespace': MESH_NAMESPACE,
};
/** Well below the limit of the operator's container (config/manager), which holds when a leader starts amid all of it. */
const MAX_RSS_MIB = 340;
/** As the configuration that injection reads is named. */
const INJECTOR = 'istio-sidecar-injector';

let environment: Environment;
let admin: KubeClient;
let operator: OperatorProcess;

beforeAll(async () => {
  environment = await Environment.start();
  admin = createKubeClient({ version: 'test', kubeConfig: loadKubeConfig(environment.cluster.kubeconfig) });
  operator = await environment.startOperator('operator');
  await applySample('default');
  await waitForCondition('Ready');
  const namespaces = { [SHOP]: { 'istio-injection': 'enabled' }, [NEIGHBOUR]: {} };
  for (const [name, labels] of Object.entries(namespaces)) {
    await admin.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
  }
  await waitFor('injection', isInjected);
});
afterAll(async () => {
  admin.close();
  await environment.stop();
});

/** Whether a pod that is created now gets its sidecar; by a dry run. */
async function isInjected(): Promise<boolean> {
  const metadata = { name: 'web', namespace: SHOP };
  const spec = { containers: [{ name: 'web', image: 'web' }] };
  const pod = await admin.create({ apiVersion: 'v1', kind: 'Pod', metadata, spec }, { dryRun: true });
  return JSON.stringify(pod['spec']).includes('"istio-proxy"');
}

/** Resident memory now and at its highest, in MiB. */
async function fetchMemory(): Promise<{ now: number; peak: number }> {
  const status = await readFile(`/proc/${operator.pid}/status`, 'utf8');
  const mib = (field: string): number => Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
  return { now: Math.round(mib('VmRSS')), peak: Math.round(mib('VmHWM')) };
}

async function createAll(objects: readonly KubeObject[]): Promise<void> {
  const left = [...objects];
  const work = async (): Promise<void> => {
    for (let object = left.pop(); object; object = left.pop()) await admin.create(object);
  };
  await Promise.all(Array.from({ length: 6 }, work));
}

const many = (count: number, make: (name: string) => KubeObject): KubeObject[] =>
  Array.from({ length: count }, (_, i) => make(`${INJECTOR}-n${i}`));
const meta = (name: string): { metadata: KubeObject['metadata'] } => ({
  metadata: { name, namespace: NEIGHBOUR, labels: LABELS },
});
const istio = (kind: string, spec: JsonObject): ((name: string) => KubeObject) => {
  const group = kind === 'EnvoyFilter' ? 'networking.istio.io/v1alpha3' : 'networking.istio.io/v1';
  const apiVersion = kind === 'ProxyConfig' ? 'networking.istio.io/v1beta1' : group;
  return (name) => ({ apiVersion, kind, ...meta(name), spec });
};
const httpRoute = { headers: { request: { set: { 'x-large': LARGE } } }, route: [{ destination: { host: 'web' } }] };
const template = {
  metadata: { labels: { app: 'large' } },
  spec: { containers: [{ name: 'discovery', image: 'web', env: [{ name: 'LARGE', value: LARGE }] }] },
};

const ATTACKS: readonly { what: string; objects: readonly KubeObject[] }[] = [
  {
    what: '70 ConfigMaps of 1 MB',
    objects: many(70, (name) => ({ apiVersion: 'v1', kind: 'ConfigMap', ...meta(name), data: { config: LARGE } })),
  },
  {
    what: '30 Deployments of 1 MB',
    objects: many(30, (name) => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      ...meta(name),
      spec: { replicas: 0, selector: { matchLabels: { app: 'large' } }, template },
    })),
  },
  {
    what: '30 Secrets of 1 MB',
    objects: many(30, (name) => ({ apiVersion: 'v1', kind: 'Secret', ...meta(name), stringData: { config: LARGE } })),
  },
  {
    what: '40 ProxyConfigs of 1 MB',
    objects: many(40, istio('ProxyConfig', { environmentVariables: LARGE_ENVIRONMENT })),
  },
  {
    what: '40 VirtualServices of 1 MB',
    objects: many(40, istio('VirtualService', { hosts: ['web'], http: [httpRoute] })),
  },
  {
    what: '100 Services with large annotations',
    objects: many(100, (name) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { ...meta(name).metadata, annotations: { large: LARGE.slice(0, 250_000) } },
      spec: { ports: [{ port: 80 }] },
    })),
  },
  {
    what: '100 Namespaces with large annotations',
    objects: many(100, (name) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: `large-${name}`, labels: LABELS, annotations: { large: LARGE.slice(0, 250_000) } },
    })),
  },
  {
    what: '30 IstioOperators of 1 MB',
    objects: many(30, (name) => ({
      apiVersion: 'install.istio.io/v1alpha1',
      kind: 'IstioOperator',
      ...meta(name),
      spec: { values: { pilot: { env: { LARGE } } } },
    })),
  },
];

describe.skipIf(Boolean(process.env['KUBECONFIG']))('a neighbour', () => {
  it.each(ATTACKS)('who stores $what does not disturb the replica', async ({ what, objects }) => {
    await createAll(objects);
    expect(await isInjected()).toBe(true);
    expect(await operator.fetchHealth('/readyz')).toBe(200);
    const memory = await fetchMemory();
    console.log(`${what}: RSS ${memory.now} MiB, at most ${memory.peak} MiB`);
    expect(memory.peak).toBeLessThan(MAX_RSS_MIB);
  });

  it('does not keep a replica that starts from being ready', async () => {
    await operator.kill();
    const began = performance.now();
    operator = await environment.startOperator('operator');
    await waitFor('the replica to be ready', async () => (await operator.fetchHealth('/readyz')) === 200, {
      timeoutMs: 60_000,
    });
    const ready = Math.round(performance.now() - began);
    await waitFor('the next leader', async () => (await fetchMetricSum(operator, 'sailwright_leader')) === 1, {
      timeoutMs: 60_000,
    });
    // A process of its own listens at a port of its own, which the leader writes into the configuration of the webhooks.
    await waitFor('injection', () => isInjected().catch(() => false), { timeoutMs: 60_000 });
    await waitFor('all that it watches', async () => (await fetchMetricSum(operator, 'sailwright_watches')) > 40);
    const memory = await fetchMemory();
    const watches = await fetchMetricSum(operator, 'sailwright_watches');
    console.log(
      `a start: ready after ${ready} ms, RSS ${memory.now} MiB, at most ${memory.peak} MiB, ${watches} watches`,
    );
    expect(memory.peak).toBeLessThan(MAX_RSS_MIB);
  });

  it('does not keep the leader from its work', async () => {
    const service = { apiVersion: 'v1', kind: 'Service', namespace: MESH_NAMESPACE, name: 'istiod' };
    await admin.delete(service);
    await waitFor('the Service to be back', async () => (await admin.get(service)) !== undefined, {
      timeoutMs: 60_000,
    });
    // Their own objects with our labels stay theirs.
    const name = `${INJECTOR}-n1`;
    expect(await admin.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: NEIGHBOUR, name })).toBeDefined();
  });

  it('is told of: what is left out is counted', async () => {
    expect(await fetchMetricSum(operator, 'sailwright_informer_skipped_objects')).toBeGreaterThanOrEqual(40);
    expect(await operator.lastLines(2_000)).toContain('an object is not taken into account');
  });
});

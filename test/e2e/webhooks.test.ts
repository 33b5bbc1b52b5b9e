// The webhooks of two operators behind one address: proven before they bind, injecting, and never missing a call.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/core/kube-object.ts';
import { createKubeClient, loadKubeConfig, type KubeClient } from '../../src/kube/client.ts';
import { Forwarder } from '../../testbed/forwarder.ts';
import type { OperatorProcess } from '../../testbed/operator-process.ts';
import { waitFor } from '../../testbed/wait.ts';
import { Environment } from './support/environment.ts';
import { sumMetric } from './support/metrics.ts';
import { PASSES_METRIC } from './support/names.ts';
import { applySample, waitForCondition } from './support/resource.ts';

const TEAM = 'webhook-team';
const WORKERS = 8;

let environment: Environment;
let forwarder: Forwarder;
let replicas: OperatorProcess[] = [];
let client: KubeClient;

beforeAll(async () => {
  environment = await Environment.start();
  client = createKubeClient({ version: 'test', kubeConfig: loadKubeConfig(environment.cluster.kubeconfig) });
  forwarder = await Forwarder.start();
  replicas = [await startReplica('webhook-1'), await startReplica('webhook-2')];
  forwarder.use(replicas.map(({ webhookPort }) => webhookPort));
  await applySample('default');
  await waitForCondition('Ready');
});

afterAll(async () => {
  client.close();
  await environment.stop();
  await forwarder.stop();
});

async function startReplica(name: string): Promise<OperatorProcess> {
  const replica = await environment.startOperator(name, { webhookUrl: `https://127.0.0.1:${forwarder.port}` });
  await waitFor(`${name} to be ready`, async () => (await replica.fetchHealth('/readyz')) === 200);
  return replica;
}

function pod(name: string): KubeObject {
  const spec = { containers: [{ name: 'app', image: 'app' }] };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: TEAM }, spec };
}

/** Names of all containers that the API server would store. */
async function fetchContainers(name: string): Promise<string[]> {
  const created = await client.create(pod(name), { dryRun: true });
  const { containers, initContainers = [] } = created['spec'] as Record<string, { name: string }[]>;
  return [...initContainers, ...(containers ?? [])].map((container) => container.name);
}

describe('the injection webhook', () => {
  it('is proven, then binding', async () => {
    const condition = await waitForCondition('InjectionEnforced');
    expect(condition.reason).toBe('WebhookProven');
  });

  it('leaves the passes that follow nothing to write', async () => {
    const sums = async (): Promise<{ writes: number; passes: number }> => {
      const pages = await Promise.all(replicas.map((replica) => replica.fetchMetrics()));
      const sum = (metric: string): number => pages.reduce((total, page) => total + sumMetric(page, metric), 0);
      return { writes: sum('sailwright_api_writes_total'), passes: sum(PASSES_METRIC) };
    };
    const countWritesOfPass = async (mark: number): Promise<number> => {
      const before = await sums();
      await environment.kubectl(['annotate', 'istiooperators', '-A', '--all', `webhook-test=${mark}`, '--overwrite']);
      const after = await waitFor('another pass', async () => {
        const now = await sums();
        return now.passes > before.passes && now;
      });
      return after.writes - before.writes;
    };
    // What the proofs of the webhooks change in the status may still be on its way.
    let mark = 0;
    await waitFor('a pass without a write', async () => (await countWritesOfPass(++mark)) === 0);
  });

  it('injects the pods of a namespace that asks for it', async () => {
    await environment.kubectl(['create', 'namespace', TEAM]);
    await environment.kubectl(['label', 'namespace', TEAM, 'istio-injection=enabled']);
    await waitFor('the default ServiceAccount', () =>
      environment.kubectl(['-n', TEAM, 'get', 'serviceaccount', 'default']).then(() => true),
    );
    expect(await fetchContainers('first')).toContain('istio-proxy');
  });

  it('misses no pod while one replica after the other is replaced', async () => {
    let done = false;
    const load = Array.from({ length: WORKERS }, async (_, worker) => {
      let calls = 0;
      for (; !done; calls++) expect(await fetchContainers(`load-${worker}-${calls}`)).toContain('istio-proxy');
      return calls;
    });
    for (const index of [0, 1]) {
      // As a rolling update does: the new one is ready before the old one goes, and the Service forgets the old one.
      const fresh = await startReplica(`webhook-${index + 3}`);
      const old = replicas[index];
      replicas[index] = fresh;
      forwarder.use(replicas.map(({ webhookPort }) => webhookPort));
      expect(await old?.stop()).toMatchObject({ code: 0 });
    }
    done = true;
    const calls = (await Promise.all(load)).reduce((sum, count) => sum + count, 0);
    console.log(`${calls} pods admitted while both replicas were replaced, none missed`);
    expect(calls).toBeGreaterThan(WORKERS);
  });

  it('tells when it is not reached, while no pod passes without it', async () => {
    forwarder.use([]);
    await Promise.all(replicas.map((replica) => replica.stop()));
    await expect(fetchContainers('blocked')).rejects.toThrow('failed calling webhook');
    const replica = await environment.startOperator('webhook-5', {
      webhookUrl: `https://127.0.0.1:${forwarder.port}`,
    });
    const unreached = async (): Promise<boolean> => {
      const path = '{.items[0].status.conditions[?(@.type=="InjectionEnforced")]}';
      const text = await environment.kubectl(['get', 'istiooperators', '-A', '-o', `jsonpath=${path}`]);
      return text.includes('WebhookNotProven') && text.includes('refused until it answers');
    };
    await waitFor('the condition to say so', unreached, { timeoutMs: 60_000 });
    forwarder.use([replica.webhookPort]);
    await waitForCondition('InjectionEnforced');
    expect(await fetchContainers('passes')).toContain('istio-proxy');
  });
});

// IstioOperators that are too expensive, stored while no webhook kept them out: each stalls itself, and nobody else.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject, KubeObject } from '../../src/core/kube-object.ts';
import { createKubeClient, loadKubeConfig, type KubeClient } from '../../src/kube/client.ts';
import type { Condition } from '../../testbed/istio-operator-condition.ts';
import { OPERATOR_NAMESPACE, type OperatorProcess } from '../../testbed/operator-process.ts';
import { waitFor } from '../../testbed/wait.ts';
import { Environment } from './support/environment.ts';
import { fetchMetricSum } from './support/metrics.ts';
import { applySample, MESH_NAMESPACE, waitForCondition } from './support/resource.ts';

const SHOP = 'shop';
const CHANGES = 10;
const MANY = 4_000;

const many = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const volumes = many(MANY, (i) => ({ path: 'spec.template.spec.volumes[-1]', value: { name: `v${i}`, emptyDir: {} } }));
const lookups = many(MANY, (i) => ({
  path: `spec.template.spec.volumes[name:v${i}].emptyDir.medium`,
  value: 'Memory',
}));
const overlays = [
  { apiVersion: 'apps/v1', kind: 'Deployment', name: 'istiod-lookups', patches: [...volumes, ...lookups] },
];
const gateways = many(2_000, (i) => ({ name: `gateway-${i}`, namespace: MESH_NAMESPACE, enabled: true }));

const EXPENSIVE: readonly { name: string; components: JsonObject; field: RegExp }[] = [
  { name: 'lookups', components: { pilot: { k8s: { overlays } } }, field: /spec\.components\.pilot\.k8s\.overlays/ },
  { name: 'gateways', components: { ingressGateways: gateways }, field: /spec\.components\.ingressGateways\[\d+\]/ },
];

let environment: Environment;
let admin: KubeClient;
let operator: OperatorProcess;

beforeAll(async () => {
  environment = await Environment.start();
  admin = createKubeClient({ version: 'test', kubeConfig: loadKubeConfig(environment.cluster.kubeconfig) });
  // No operator runs yet, and no webhook answers.
  for (const each of EXPENSIVE) await admin.create(istioOperator(each));
  await admin.create({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: SHOP, labels: { 'istio-injection': 'enabled' } },
  });
  operator = await environment.startOperator('operator');
});
afterAll(async () => {
  admin.close();
  await environment.stop();
});

function istioOperator({ name, components }: { name: string; components: JsonObject }): KubeObject {
  const metadata = { name, namespace: MESH_NAMESPACE };
  const spec = { profile: 'minimal', revision: name, components };
  return { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', metadata, spec };
}

async function fetchStalled(name: string): Promise<Condition | undefined> {
  const ref = { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', namespace: MESH_NAMESPACE, name };
  const { status } = ((await admin.get(ref)) ?? {}) as { status?: { conditions?: Condition[] } };
  return status?.conditions?.find(({ type, status: value }) => type === 'Stalled' && value === 'True');
}

/** Whether a pod that is created now gets its sidecar; by a dry run. */
async function isInjected(): Promise<boolean> {
  const spec = { containers: [{ name: 'web', image: 'web' }] };
  const metadata = { name: 'web', namespace: SHOP };
  const pod = await admin.create({ apiVersion: 'v1', kind: 'Pod', metadata, spec }, { dryRun: true });
  return JSON.stringify(pod['spec']).includes('"istio-proxy"');
}

/** How often the lease changed hands. */
async function fetchTransitions(): Promise<unknown> {
  const ref = {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    namespace: OPERATOR_NAMESPACE,
    name: 'sailwright',
  };
  return ((await admin.get(ref))?.['spec'] as { leaseTransitions?: number } | undefined)?.leaseTransitions;
}

describe.skipIf(Boolean(process.env['KUBECONFIG']))('an IstioOperator that is too expensive', () => {
  it.each(EXPENSIVE)('stalls itself, and says what is too large: $name', async ({ name, field }) => {
    const stalled = await waitFor(`${name} to be stalled`, () => fetchStalled(name), { timeoutMs: 60_000 });
    expect(stalled.message).toMatch(field);
    expect(stalled.message).toMatch(/too (large|much)|split|another IstioOperator/);
  });

  it('does not keep another one from being installed', async () => {
    await applySample('default');
    await waitForCondition('Ready');
    await waitFor('injection', isInjected);
  });

  it('does not delay injection, health or the lease, however often it changes', async () => {
    const [transitions, losses] = [
      await fetchTransitions(),
      await fetchMetricSum(operator, 'sailwright_worker_losses_total'),
    ];
    const changes = (async (): Promise<void> => {
      for (let i = 0; i < CHANGES; i++) {
        for (const { name } of EXPENSIVE) {
          const spec = JSON.stringify({
            spec: { values: { global: { logging: { level: `default:info,change${i}:info` } } } },
          });
          await environment.kubectl(['-n', MESH_NAMESPACE, 'patch', 'iop', name, '--type=merge', '-p', spec]);
        }
      }
    })();
    let [isDone, injected] = [false, 0];
    const ended = changes.finally(() => (isDone = true));
    while (!isDone) {
      expect(await isInjected()).toBe(true);
      expect(await operator.fetchHealth('/healthz')).toBe(200);
      expect(await operator.fetchHealth('/readyz')).toBe(200);
      injected += 1;
    }
    await ended;
    for (const { name } of EXPENSIVE) await waitFor(`${name} to be stalled`, () => fetchStalled(name));
    expect(injected).toBeGreaterThan(CHANGES);
    expect(await fetchTransitions()).toBe(transitions);
    expect(await fetchMetricSum(operator, 'sailwright_leader')).toBe(1);
    expect(await fetchMetricSum(operator, 'sailwright_worker_losses_total')).toBe(losses);
  });

  it('was rendered in a thread of its own', async () => {
    expect(await fetchMetricSum(operator, 'sailwright_worker_jobs_total')).toBeGreaterThanOrEqual(2 * CHANGES);
  });
});

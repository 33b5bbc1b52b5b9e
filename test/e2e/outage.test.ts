// Parts of the cluster go away and come back: the operator waits, prunes nothing, goes on, and nothing of a mesh was single.
import { K8s, kind } from 'kubernetes-fluent-client';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FaultProxy } from '../../testbed/fault-proxy.ts';
import type { OperatorProcess } from '../../testbed/operator-process.ts';
import { pause, waitFor } from '../../testbed/wait.ts';
import { Environment } from './support/environment.ts';
import { fetchMetricSum } from './support/metrics.ts';
import { applySample, applySpec, MESH_NAMESPACE, waitForCondition } from './support/resource.ts';

/** How long the API server is away: several retries of a watch. */
const OUTAGE_MS = 4_000;
const APPS = 'outage-apps';
const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'app', namespace: APPS },
  spec: { containers: [{ name: 'app', image: 'app' }] },
};
const isForeignCluster = Boolean(process.env['KUBECONFIG']);

describe.skipIf(isForeignCluster)('an outage', () => {
  let environment: Environment;
  let proxy: FaultProxy;
  let operator: OperatorProcess;
  beforeAll(async () => {
    environment = await Environment.start();
    proxy = await FaultProxy.start(environment.operatorKubeconfig);
    const kubeconfig = await proxy.writeKubeconfig(join(environment.folder, 'proxied.kubeconfig'));
    operator = await environment.startOperator('operator', { kubeconfig });
    await applySample('production');
    await waitForCondition('Ready');
  });
  afterAll(async () => {
    await environment.stop();
    await proxy.stop();
  });

  const fetchDeployments = async (): Promise<kind.Deployment[]> =>
    (await K8s(kind.Deployment).InNamespace(MESH_NAMESPACE).Get()).items;
  const fetchUids = async (): Promise<(string | undefined)[]> =>
    (await fetchDeployments()).map(({ metadata }) => `${metadata?.name} ${metadata?.uid}`).sort();

  /** Drains a node, waits until its pods are back elsewhere, and gives it back, before the next. */
  async function drainEach(nodes: readonly string[]): Promise<void> {
    for (const node of nodes) {
      await environment.kubectl(['drain', node, '--ignore-daemonsets', '--delete-emptydir-data', '--timeout=60s']);
      const { items } = await K8s(kind.Pod).InNamespace(MESH_NAMESPACE).Get();
      expect(items.filter(({ spec }) => spec?.nodeName === node)).toEqual([]);
      await waitFor('all pods to be back', async () =>
        (await fetchDeployments()).every(({ spec, status }) => status?.availableReplicas === spec?.replicas),
      );
      await environment.kubectl(['uncordon', node]);
    }
  }

  it('begins when all that autoscalers ask for at least runs: before, the mesh is not Ready', async () => {
    const { items } = await K8s(kind.HorizontalPodAutoscaler).InNamespace(MESH_NAMESPACE).Get();
    const least = new Map(items.map(({ metadata, spec }) => [metadata?.name, spec?.minReplicas ?? 1]));
    for (const { metadata, status } of await fetchDeployments()) {
      const name = String(metadata?.name);
      expect(status?.availableReplicas ?? 0, name).toBeGreaterThanOrEqual(least.get(name) ?? 1);
    }
  });

  describe('of a node after the other, drained', () => {
    it('finds pods in every zone', async () => {
      const nodes = await K8s(kind.Node).Get();
      const zoneOf = new Map(
        nodes.items.map(({ metadata }) => [metadata?.name, metadata?.labels?.['topology.kubernetes.io/zone']]),
      );
      const zones = new Set(zoneOf.values());
      expect(zones.size).toBeGreaterThan(1);
      const { items } = await K8s(kind.Pod).InNamespace(MESH_NAMESPACE).Get();
      for (const app of ['istiod', 'istio-ingressgateway']) {
        const pods = items.filter(({ metadata }) => metadata?.labels?.['app'] === app);
        expect(new Set(pods.map(({ spec }) => zoneOf.get(spec?.nodeName))), app).toEqual(zones);
      }
    });

    it('is waited for by budgets: at no moment is a Deployment without a pod', async () => {
      const nodes = (await K8s(kind.Node).Get()).items.map(({ metadata }) => metadata?.name ?? '');
      let fewest = Infinity;
      const over = new AbortController();
      const watch = async (): Promise<void> => {
        for (; !over.signal.aborted; await pause(50)) {
          for (const { status } of await fetchDeployments()) fewest = Math.min(fewest, status?.availableReplicas ?? 0);
        }
      };
      await Promise.all([watch(), drainEach(nodes).finally(() => over.abort())]);
      expect(fewest).toBeGreaterThan(0);
    });
  });

  describe('of the way from a replica to the API server', () => {
    it('leaves it injecting by what it knew, and it says so', async () => {
      const labels = { 'istio-injection': 'enabled' };
      const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: APPS, labels } };
      await environment.kubectl(['apply', '-f', '-'], JSON.stringify(namespace));
      await waitFor('the default ServiceAccount', () =>
        environment.kubectl(['-n', APPS, 'get', 'serviceaccount', 'default']).then(() => true),
      );
      await waitForCondition('InjectionEnforced');
      const fetchStaleSeconds = (): Promise<number> => fetchMetricSum(operator, 'sailwright_informer_stale_seconds');
      expect(await fetchStaleSeconds()).toBe(0);
      proxy.fault = () => 'reset';
      proxy.reset();
      await waitFor('the replica to say that what it knows is old', async () => (await fetchStaleSeconds()) > 0);
      const admitted = await environment.kubectl(
        ['create', '--dry-run=server', '-o', 'json', '-f', '-'],
        JSON.stringify(POD),
      );
      expect(admitted).toContain('"name": "istio-proxy"');
      expect(await operator.fetchHealth('/readyz')).toBe(200);
      expect(await operator.lastLines(200)).toContain('lost the watch, taking it up again');
      proxy.fault = () => undefined;
      await waitFor('it to be up to date again', async () => (await fetchStaleSeconds()) === 0);
    });
  });

  describe('of the API server', () => {
    it('is waited out, and the work goes on after it', async () => {
      const { embedded } = environment.cluster;
      const before = await fetchUids();
      await embedded?.kill('kube-apiserver');
      await pause(OUTAGE_MS);
      expect(operator.exit).toBeUndefined();
      await embedded?.restart('kube-apiserver');
      const began = performance.now();
      const hpaSpec = { minReplicas: 2, maxReplicas: 5 };
      await applySpec({ profile: 'default', components: { pilot: { k8s: { hpaSpec } } } });
      await waitFor(
        'a change made after the outage to be applied',
        async () =>
          (await K8s(kind.HorizontalPodAutoscaler).InNamespace(MESH_NAMESPACE).Get('istiod')).spec?.minReplicas === 2,
        { timeoutMs: 60_000 },
      );
      console.log(
        `outage of ${OUTAGE_MS} ms: a change was applied ${Math.round(performance.now() - began)} ms after its end`,
      );
      await waitForCondition('Ready');
      expect(await fetchUids()).toEqual(before);
      expect(operator.exit).toBeUndefined();
    });
  });
});

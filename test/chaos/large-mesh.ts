// A mesh of many gateways beside many pods and Services, at three sizes: how long an operator takes to be ready, to look
// at all of it and to pass over it once, by how many requests, and what it holds.
import { CONTROL_PLANE_LABEL } from '../../src/api/our-names.ts';
import type { KubeObject } from '../../src/core/kube-object.ts';
import { createKubeClient, loadKubeConfig, type KubeClient } from '../../src/kube/client.ts';
import { conditionOf, isConditionTrue } from '../../testbed/istio-operator-condition.ts';
import type { OperatorProcess } from '../../testbed/operator-process.ts';
import { waitFor } from '../../testbed/wait.ts';
import { fetchOperatorRequests, isWrite } from '../e2e/support/audit.ts';
import type { Environment } from '../e2e/support/environment.ts';
import { sumMetric } from '../e2e/support/metrics.ts';
import { MESH_NAMESPACE } from '../e2e/support/resource.ts';
import { measureCpu, readRss, waitForRestOf } from './at-rest.ts';
import { createPods, createServices } from './many-objects.ts';
import { displaySeconds } from './world.ts';

const SHARES = [0.25, 0.5, 1];
const FULL = { pods: 20_000, services: 10_000, gateways: 830 };
/** One resource may not have all gateways, nor does the operator keep so many objects of one namespace in memory. */
const RESOURCES = [MESH_NAMESPACE, ...['a', 'b', 'c', 'd', 'e'].map((letter) => `gateways-${letter}`)];
const PATIENCE_MS = 1_200_000;
const OPERATORS = 'install.istio.io/v1alpha1';

/** Of the passes of one controller since a look before. */
interface Work {
  passes: number;
  seconds: number;
}

/** Reads an operator's metrics; each look also takes how long its main thread was held since the one before. */
class Look {
  longestHold = 0;
  readonly #operator: OperatorProcess;

  constructor(operator: OperatorProcess) {
    this.#operator = operator;
  }

  /** @param controller as in the metrics, such as `istio-operator` */
  async work(controller: string): Promise<Work> {
    const text = await this.#operator.fetchMetrics();
    this.longestHold = Math.max(this.longestHold, sumMetric(text, 'nodejs_eventloop_lag_max_seconds'));
    const labels = `{controller="${controller}"}`;
    return {
      passes: sumMetric(text, `sailwright_reconcile_duration_seconds_count${labels}`),
      seconds: sumMetric(text, `sailwright_reconcile_duration_seconds_sum${labels}`),
    };
  }

  /** Waits for so many passes more than there were; resolves with what they took. */
  async waitForPasses(controller: string, before: Work, count: number): Promise<Work> {
    const what = `${count} passes of ${controller}`;
    return waitFor(
      what,
      async () => {
        const now = await this.work(controller);
        const passes = now.passes - before.passes;
        return passes >= count ? { passes, seconds: now.seconds - before.seconds } : undefined;
      },
      { timeoutMs: PATIENCE_MS, intervalMs: 100 },
    );
  }
}

/** Rejects when what is asked for is not Ready in time; all figures are told only. */
export async function runLargeMesh(environment: Environment): Promise<void> {
  const admin = createKubeClient({ version: 'chaos', kubeConfig: loadKubeConfig(environment.cluster.kubeconfig) });
  console.log(
    `\n  objects of ours  pods  Services: ready, first passes, analysis | RSS, CPU at rest | a pass, requests`,
  );
  let before = { pods: 0, services: 0 };
  for (const share of SHARES) {
    const size = { pods: FULL.pods * share, services: FULL.services * share };
    await createPods(admin, before.pods, size.pods);
    await createServices(admin, before.services, size.services);
    before = size;
    const installer = await environment.startOperator(`installs-${share}`);
    const began = performance.now();
    await applyGateways(admin, Math.ceil((FULL.gateways * share) / RESOURCES.length));
    await waitForReady(admin);
    const installed = performance.now() - began;
    await waitForRestOf(installer);
    await installer.stop();
    const managed = await countManaged(admin);
    console.log(`  ${managed}  ${size.pods}  ${size.services}: installed after ${displaySeconds(installed)}`);
    await measureOperator(environment, admin, `large-${share}`);
  }
  admin.close();
}

async function measureOperator(environment: Environment, admin: KubeClient, name: string): Promise<void> {
  const began = performance.now();
  const operator = await environment.startOperator(name);
  await waitFor('it to be ready', async () => (await operator.fetchHealth('/readyz')) === 200, {
    timeoutMs: PATIENCE_MS,
    intervalMs: 20,
  });
  const ready = performance.now() - began;
  const look = new Look(operator);
  // What came before was loading.
  await look.work('istio-operator');
  look.longestHold = 0;
  const nothing = { passes: 0, seconds: 0 };
  const first = await look.waitForPasses('istio-operator', nothing, RESOURCES.length);
  const analysis = await look.waitForPasses('analysis-reports', nothing, 1);
  console.log(
    `    ready after ${displaySeconds(ready)}; first passes ${first.seconds.toFixed(2)} s, analysis ` +
      `${analysis.seconds.toFixed(2)} s, main thread held ${hold(look)}`,
  );
  await waitForRestOf(operator);
  const [cpu, rss] = [await measureCpu(operator), await readRss(operator)];
  await look.work('istio-operator');
  look.longestHold = 0;
  const since = new Date();
  const atRest = await look.work('istio-operator');
  for (const resource of RESOURCES) await touch(admin, resource);
  const pass = await look.waitForPasses('istio-operator', atRest, RESOURCES.length);
  const requests = await fetchOperatorRequests(environment.cluster.embedded?.auditLogPath ?? '', since);
  const writes = requests.filter(isWrite);
  console.log(
    `    at rest ${rss.toFixed(0)} MB, ${(cpu * 100).toFixed(2)} % CPU; a pass over all ${pass.seconds.toFixed(2)} s, ` +
      `${requests.length} requests (${writes.length} writes), main thread held ${hold(look)}`,
  );
  await operator.stop();
}

async function applyGateways(admin: KubeClient, each: number): Promise<void> {
  for (const namespace of RESOURCES) {
    const metadata = { name: namespace, labels: { [CONTROL_PLANE_LABEL]: 'true' } };
    await admin.apply({ apiVersion: 'v1', kind: 'Namespace', metadata }, { fieldManager: 'chaos' });
    const ingressGateways = Array.from({ length: each }, (_, n) => {
      const name = `${namespace}-${n}`;
      return { name, namespace, enabled: true, label: { app: name, istio: name } };
    });
    const profile = namespace === MESH_NAMESPACE ? 'default' : 'empty';
    const resource: KubeObject = {
      apiVersion: OPERATORS,
      kind: 'IstioOperator',
      metadata: { name: namespace, namespace },
      spec: { profile, components: { ingressGateways } },
    };
    await admin.apply(resource, { fieldManager: 'chaos', force: true });
  }
}

function waitForReady(admin: KubeClient): Promise<true> {
  let told = '';
  const isReady = async (): Promise<true | undefined> => {
    const { items } = await admin.list({ apiVersion: OPERATORS, kind: 'IstioOperator' });
    told = items.map((item) => conditionOf(item, 'Ready')?.message?.slice(0, 200)).join('; ');
    return items.every((item) => isConditionTrue(item, 'Ready')) || undefined;
  };
  return waitFor('all to be Ready', isReady, { timeoutMs: PATIENCE_MS, intervalMs: 1_000 }).catch((error: unknown) => {
    throw new Error(`${String(error)}: ${told}`, { cause: error });
  });
}

async function countManaged(admin: KubeClient): Promise<number> {
  const { items } = await admin.list({ apiVersion: OPERATORS, kind: 'IstioOperator' });
  return items.reduce((sum, { status }) => sum + ((status as { inventory?: object[] }).inventory ?? []).length, 0);
}

async function touch(admin: KubeClient, name: string): Promise<void> {
  const ref = { apiVersion: OPERATORS, kind: 'IstioOperator', namespace: name, name };
  const annotations = { 'chaos.sailwright.dev/touched': String(Date.now()) };
  await admin.patch(ref, { metadata: { annotations } }, { type: 'merge', fieldManager: 'chaos' });
}

const hold = ({ longestHold }: Look): string => `${(longestHold * 1_000).toFixed(0)} ms`;

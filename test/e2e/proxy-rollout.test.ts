// Proxies are renewed in waves after a revision tag has moved: never more at a time than allowed, through a kill of the
// operator, no further than a gate that fails, and back where there is a way.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProxyRolloutStatus } from '../../src/api/rollout/proxy-rollout.ts';
import type { KubeObject } from '../../src/core/kube-object.ts';
import { stampOf } from '../../src/core/proxy-rollout/stamp.ts';
import { createKubeClient, loadKubeConfig, type KubeClient } from '../../src/kube/client.ts';
import { Forwarder } from '../../testbed/forwarder.ts';
import type { OperatorProcess } from '../../testbed/operator-process.ts';
import { pause, waitFor } from '../../testbed/wait.ts';
import { runSailwright } from '../builders/run-sailwright.ts';
import { Environment } from './support/environment.ts';
import { startReachedOperator } from './support/reached-operator.ts';
import { MESH_NAMESPACE } from './support/resource.ts';
import { ReadyPods } from './support/ready-pods.ts';
import { ALL_SHOPS, manifest, RolloutWorld, shopWorkload } from './support/rollout-world.ts';
import { ToldPrometheus } from './support/told-prometheus.ts';
import { UnderWay } from './support/under-way.ts';

const SHOPS = ['shop-0', 'shop-1', 'shop-2', 'shop-3', 'shop-4'];
const APPS = ['api', 'web'];
const MAX_PARALLEL = 3;
/** A quarter of them, which may go at once unless told otherwise, is one. */
const GATEWAY_PODS = 4;

let environment: Environment;
let forwarder: Forwarder;
let prometheus: ToldPrometheus;
let admin: KubeClient;
let operator: OperatorProcess;
let world: RolloutWorld;
let operators = 0;

beforeAll(async () => {
  environment = await Environment.start();
  [forwarder, prometheus] = await Promise.all([Forwarder.start(), ToldPrometheus.start()]);
  operator = await startNext();
  admin = createKubeClient({ version: 'test', kubeConfig: loadKubeConfig(environment.cluster.kubeconfig) });
  const workloads = [
    ...SHOPS.flatMap((namespace) => APPS.map((name) => shopWorkload('Deployment', { namespace, name, replicas: 2 }))),
    shopWorkload('StatefulSet', { namespace: 'shop-4', name: 'store', replicas: 2 }),
    shopWorkload(
      'Deployment',
      { namespace: 'shop-4', name: 'lonely', replicas: 1 },
      { strategy: { type: 'Recreate' } },
    ),
  ];
  const auditLog = environment.cluster.embedded?.auditLogPath ?? '';
  world = new RolloutWorld({ admin, auditLog, shops: SHOPS, workloads, patienceMs: 120_000 });
  await world.setUp();
});

afterAll(async () => {
  admin?.close();
  await environment?.stop();
  await Promise.all([forwarder?.stop(), prometheus?.stop()]);
});

async function startNext(): Promise<OperatorProcess> {
  operators += 1;
  const flags = [`--prometheus-url=${prometheus.url}`];
  return startReachedOperator(environment, forwarder, { name: `rollout-${operators}`, flags });
}

function waitForStatus(
  name: string,
  what: string,
  test: (status: ProxyRolloutStatus) => boolean,
): Promise<ProxyRolloutStatus> {
  return world.waitForStatus({ name }, what, test, () => operator.lastLines());
}

function waitForPhase(name: string, phase: string, namespace: string = MESH_NAMESPACE): Promise<ProxyRolloutStatus> {
  const isThere = (status: ProxyRolloutStatus): boolean => status.phase === phase;
  return world.waitForStatus({ namespace, name }, phase, isThere, () => operator.lastLines());
}

const WAVES = [
  { name: 'canary', namespaces: ['shop-0'], soak: '0s' },
  { name: 'rest', maxParallel: MAX_PARALLEL, soak: '2s', approval: true },
];

describe('a rollout', () => {
  it('that finds every proxy current is done without touching any', async () => {
    const since = new Date();
    await world.createRollout(MESH_NAMESPACE, 'idle', ALL_SHOPS);
    const { counts } = await waitForPhase('idle', 'Done');
    expect(counts).toMatchObject({ workloads: 12, current: 12, stale: 0, renewed: 0, blocked: 0 });
    expect(await world.listWrites(since)).toEqual([]);
  });

  it('goes wave by wave with approval, through a kill of the operator, and writes once to each workload', async () => {
    await world.moveTag('green');
    const since = new Date();
    const uid = await world.createRollout(MESH_NAMESPACE, 'to-green', { ...ALL_SHOPS, waves: WAVES });
    const underWay = await UnderWay.start(admin, uid);
    await waitForStatus(
      'to-green',
      'in its second wave, which waits for a person',
      ({ step, conditions = [] }) => step === 1 && conditions.some(({ reason }) => reason === 'ApprovalRequired'),
    );
    expect(await world.listRevisions('shop-0')).toEqual(['green']);
    for (const shop of SHOPS.slice(1)) expect(await world.listRevisions(shop)).toEqual(['blue']);
    await world.annotate(MESH_NAMESPACE, 'to-green', { 'sailwright.dev/approve': 'rest' });
    const isThere = async (): Promise<boolean> => (await world.listTouched(uid)).length >= APPS.length + 4;
    await waitFor('the middle of the wave', isThere, { timeoutMs: 60_000, intervalMs: 10 });
    await operator.kill();
    operator = await startNext();
    const { counts, blocked } = await waitForPhase('to-green', 'Done');
    expect(counts).toMatchObject({ workloads: 12, current: 11, stale: 1, underWay: 0, renewed: 11, blocked: 1 });
    expect(blocked).toEqual([expect.objectContaining({ name: 'lonely', reason: 'SingleReplica' })]);
    const { most, inOneNamespace } = await underWay.stop();
    expect(most).toBeLessThanOrEqual(MAX_PARALLEL);
    expect(inOneNamespace).toBe(1);
    const writes = await world.listWrites(since);
    const perWorkload = SHOPS.flatMap((shop) => APPS.map((app) => `patch deployments ${shop}/${app}`));
    expect(writes.filter((write) => write.includes('deployments')).sort()).toEqual(perWorkload.sort());
    expect(writes.filter((write) => write.startsWith('create pods/eviction'))).toHaveLength(2);
    const quietSince = new Date();
    await pause(3_000);
    expect(await world.listWrites(quietSince)).toEqual([]);
  });

  it('stops in the wave in which a pod fails, and brings back what it touched and nothing else', async () => {
    await world.moveTag('blue');
    const waves = [
      { name: 'canary', namespaces: ['shop-0'], soak: '0s' },
      { name: 'next', namespaces: ['shop-1'], soak: '1m' },
      { name: 'rest', maxParallel: MAX_PARALLEL },
    ];
    const uid = await world.createRollout(MESH_NAMESPACE, 'bad', { ...ALL_SHOPS, waves, onFailure: 'Rollback' });
    await waitForStatus(
      'bad',
      'in its second wave, and watched',
      ({ step, phase }) => step === 1 && phase === 'Soaking',
    );
    const { items } = await admin.list({ apiVersion: 'v1', kind: 'Pod' }, { namespace: 'shop-1' });
    const pod = items.find(({ metadata }) => metadata['deletionTimestamp'] === undefined);
    await breakProxy({ ...pod, apiVersion: 'v1', kind: 'Pod' } as KubeObject);
    const status = await waitForPhase('bad', 'RolledBack');
    expect(status.cause).toMatchObject({ reason: 'GateFailed' });
    expect(status.cause?.message).toContain('CrashLoopBackOff');
    expect(await world.fetchTagTarget()).toBe('green');
    for (const shop of ['shop-0', 'shop-1', 'shop-2', 'shop-3']) {
      expect(await world.listRevisions(shop)).toEqual(['green']);
    }
    const touched = await world.listTouched(uid);
    expect([...new Set(touched.map(({ metadata }) => metadata.namespace))].sort()).toEqual(['shop-0', 'shop-1']);
    expect(touched.every((each) => stampOf(each)?.way === 'back')).toBe(true);
  });

  it('of an ordinary namespace renews what is in it, and may not ask for more', async () => {
    await world.moveTag('blue');
    await world.createRollout('shop-2', 'greedy', { namespaces: { names: ['shop-3'] } });
    const { message } = await waitForPhase('greedy', 'Invalid', 'shop-2');
    expect(message).toContain('spec.namespaces: a rollout here renews the workloads of its own namespace only');
    await world.createRollout('shop-2', 'own', { waves: [{ name: 'all', maxParallel: 5, soak: '0s' }] });
    await waitForPhase('own', 'Done', 'shop-2');
    expect(await world.listRevisions('shop-2')).toEqual(['blue']);
    expect(await world.listRevisions('shop-3')).toEqual(['green']);
  });

  it('begins no wave while its metrics are bad, or nobody can tell', async () => {
    const metrics = { queries: [{ name: 'errors', query: 'errors', max: 1 }] };
    await world.createRollout('shop-3', 'counted', { metrics, waves: [{ name: 'all', soak: '0s' }] });
    const waitForMessage = (text: string): Promise<ProxyRolloutStatus> =>
      world.waitForStatus({ namespace: 'shop-3', name: 'counted' }, text, ({ message = '' }) => message.includes(text));
    await waitForMessage('errors: ');
    prometheus.values.set('errors', 5);
    expect(await waitForMessage('errors: 5')).toMatchObject({ phase: 'Waiting', counts: { stale: 2, renewed: 0 } });
    prometheus.values.set('errors', 0);
    await waitForPhase('counted', 'Done', 'shop-3');
    expect(await world.listRevisions('shop-3')).toEqual(['blue']);
  });

  it('of gateways goes by their own tag, never with fewer of them ready, and leaves workloads of another alone', async () => {
    const since = new Date();
    const shops = await world.listRevisions('shop-0');
    await world.moveTag('blue', 'edge');
    await applyGateway({});
    expect(await renewGateways('first')).toMatchObject({ counts: { workloads: 1, current: 1, renewed: 0 } });
    expect(await world.listRevisions('edge')).toEqual(['blue']);

    await world.moveTag('green', 'edge');
    const readyPods = await ReadyPods.start(admin, 'edge');
    expect(await renewGateways('careless')).toMatchObject({
      counts: { stale: 1, renewed: 0 },
      blocked: [{ namespace: 'edge', name: 'edge', reason: 'GatewayWouldShrink' }],
    });
    await applyGateway({ rollingMaxUnavailable: 0 });
    expect(await renewGateways('careful')).toMatchObject({ counts: { workloads: 1, current: 1, renewed: 1 } });
    expect(await world.listRevisions('edge')).toEqual(['green']);

    const flags = ['--kubeconfig', environment.cluster.kubeconfig];
    const back = await runSailwright(['tag', 'rollback', 'edge', ...flags]);
    expect(back).toMatchObject({ code: 0, out: expect.stringContaining('tag edge leads to blue') as string, err: '' });
    expect(await renewGateways('back')).toMatchObject({ counts: { workloads: 1, current: 1, renewed: 1 } });
    expect(await world.listRevisions('edge')).toEqual(['blue']);
    expect(await readyPods.stop()).toBe(GATEWAY_PODS);
    expect(await world.listRevisions('shop-0')).toEqual(shops);
    expect(await world.listWrites(since)).toEqual([]);
  });
});

/** The operator's own, in a namespace with the tag `edge`: waits until its pods are there. */
async function applyGateway(settings: object): Promise<void> {
  const values = { injectionTemplate: 'gateway', autoscaleEnabled: false, ...settings };
  const ingressGateways = [
    { name: 'edge', namespace: 'edge', enabled: true, label: { istio: 'edge' }, k8s: { replicaCount: GATEWAY_PODS } },
  ];
  const spec = {
    profile: 'empty',
    components: { ingressGateways },
    values: { gateways: { 'istio-ingressgateway': values } },
  };
  const metadata = { name: 'edge', namespace: MESH_NAMESPACE };
  await admin.apply(manifest('v1', 'Namespace', { name: 'edge', labels: { 'istio.io/rev': 'edge' } }), {
    fieldManager: 'test',
  });
  const applied = await admin.apply(manifest('install.istio.io/v1alpha1', 'IstioOperator', metadata, { spec }), {
    fieldManager: 'test',
    force: true,
  });
  const generation = Number(applied.metadata['generation']);
  await waitFor('the gateway', async () => {
    const resource = await admin.get({ apiVersion: applied.apiVersion, kind: applied.kind, ...metadata });
    const { conditions = [] } = (resource?.['status'] ?? {}) as {
      conditions?: { type: string; status: string; observedGeneration?: number }[];
    };
    return conditions.some(
      ({ type, status, observedGeneration = 0 }) =>
        type === 'Ready' && status === 'True' && observedGeneration >= generation,
    );
  });
}

/** Looks at the shops as well, which follow another tag. */
async function renewGateways(name: string): Promise<ProxyRolloutStatus> {
  const waves = [{ name: 'all', maxParallel: MAX_PARALLEL, soak: '0s' }];
  await world.createRollout(MESH_NAMESPACE, name, {
    target: { tag: 'edge' },
    namespaces: { names: ['edge', ...SHOPS] },
    waves,
  });
  return waitForPhase(name, 'Done');
}

/** As a kubelet would report a proxy that ends again and again. */
async function breakProxy(pod: KubeObject): Promise<void> {
  const { metadata, status } = pod as { metadata: KubeObject['metadata']; status?: { [key: string]: unknown } };
  const waiting = { reason: 'CrashLoopBackOff', message: 'back-off restarting failed container' };
  const broken = (list: unknown): unknown =>
    Array.isArray(list)
      ? (list as { name: string }[]).map((each) =>
          each.name === 'istio-proxy'
            ? { ...each, ready: false, started: false, restartCount: 3, state: { waiting } }
            : each,
        )
      : list;
  const conditions = (status?.['conditions'] as { type: string }[] | undefined)?.map((condition) =>
    ['Ready', 'ContainersReady'].includes(condition.type) ? { ...condition, status: 'False' } : condition,
  );
  const { containerStatuses, initContainerStatuses } = status ?? {};
  const patch = {
    status: {
      conditions,
      containerStatuses: broken(containerStatuses),
      ...(initContainerStatuses ? { initContainerStatuses: broken(initContainerStatuses) } : {}),
    },
  };
  const ref = { apiVersion: 'v1', kind: 'Pod', name: metadata.name, namespace: metadata.namespace ?? '' };
  await admin.patch(ref, patch, { type: 'merge', fieldManager: 'test', subresource: 'status' });
}

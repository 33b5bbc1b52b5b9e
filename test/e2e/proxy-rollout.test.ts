// Proxies are renewed in waves after a revision tag has moved: never more at a time than allowed, through kills of the
// operator, no further than a gate that fails, and back where there is a way.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROXY_ROLLOUT, type ProxyRolloutStatus } from '../../src/api/rollout/proxy-rollout.ts';
import type { KubeObject } from '../../src/core/kube-object.ts';
import { stampOf } from '../../src/core/proxy-rollout/stamp.ts';
import { computeProgress } from '../../src/core/proxy-rollout/workload-progress.ts';
import { createKubeClient, loadKubeConfig, type KubeClient } from '../../src/kube/client.ts';
import { Forwarder } from '../../testbed/forwarder.ts';
import type { OperatorProcess } from '../../testbed/operator-process.ts';
import { pause, waitFor } from '../../testbed/wait.ts';
import { displayEntry, fetchOperatorWrites } from './support/audit.ts';
import { Environment } from './support/environment.ts';
import { startReachedOperator } from './support/reached-operator.ts';
import { MESH_NAMESPACE } from './support/resource.ts';

const TAG = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingWebhookConfiguration',
  name: 'istio-revision-tag-prod',
};
const SIDES = ['blue', 'green'] as const;
type Side = (typeof SIDES)[number];
const SHOPS = ['shop-0', 'shop-1', 'shop-2', 'shop-3', 'shop-4'];
const APPS = ['api', 'web'];
const MAX_PARALLEL = 3;

let environment: Environment;
let forwarder: Forwarder;
let admin: KubeClient;
let operator: OperatorProcess;
let operators = 0;

beforeAll(async () => {
  environment = await Environment.start();
  forwarder = await Forwarder.start();
  operator = await startNext();
  admin = createKubeClient({ version: 'test', kubeConfig: loadKubeConfig(environment.cluster.kubeconfig) });
  await moveTag('blue');
  await waitFor('both control planes', async () => (await fetchReady()).every((status) => status === 'True'), {
    timeoutMs: 120_000,
  });
  await waitFor('the tag to bind', async () => {
    const { webhooks = [] } = ((await admin.get(TAG)) ?? {}) as { webhooks?: { failurePolicy: string }[] };
    return webhooks.length > 0 && webhooks.every(({ failurePolicy }) => failurePolicy === 'Fail');
  });
  const objects = SHOPS.flatMap((namespace) => [
    manifest('v1', 'Namespace', { name: namespace, labels: { 'istio.io/rev': 'prod', team: 'shop' } }),
    ...APPS.map((name) => workload('Deployment', namespace, name, 2)),
  ]);
  const others = [
    workload('StatefulSet', 'shop-4', 'store', 2),
    workload('Deployment', 'shop-4', 'lonely', 1, { strategy: { type: 'Recreate' } }),
  ];
  await environment.kubectl(
    ['apply', '-f', '-'],
    [...objects, ...others].map((each) => JSON.stringify(each)).join('\n---\n'),
  );
  await waitFor('all workloads', async () => (await listWorkloads()).every(isSettled), { timeoutMs: 120_000 });
});

afterAll(async () => {
  admin.close();
  await environment.stop();
  await forwarder.stop();
});

async function startNext(): Promise<OperatorProcess> {
  operators += 1;
  return startReachedOperator(environment, forwarder, { name: `rollout-${operators}` });
}

function manifest(apiVersion: string, kind: string, metadata: KubeObject['metadata'], more: object = {}): KubeObject {
  return { apiVersion, kind, metadata, ...more };
}

function workload(kind: string, namespace: string, name: string, replicas: number, more: object = {}): KubeObject {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'registry.example/app:1' }] } };
  const spec = { replicas, selector: { matchLabels: labels }, template, ...more };
  return manifest('apps/v1', kind, { name, namespace, labels }, { spec });
}

/** Gives the tag to one of two IstioOperators, and waits until its webhook leads there. */
async function moveTag(side: Side): Promise<void> {
  for (const name of side === 'blue' ? SIDES : [...SIDES].reverse()) {
    const spec = { profile: 'minimal', revision: name, values: { revisionTags: name === side ? ['prod'] : [] } };
    const resource = manifest(
      'install.istio.io/v1alpha1',
      'IstioOperator',
      { name, namespace: MESH_NAMESPACE },
      { spec },
    );
    await admin.apply(resource, { fieldManager: 'test', force: true });
  }
  await waitFor(`the tag to lead to ${side}`, async () => (await fetchTagTarget()) === side, { timeoutMs: 60_000 });
}

async function fetchTagTarget(): Promise<string | undefined> {
  return (await admin.get(TAG))?.metadata.labels?.['istio.io/rev'];
}

async function fetchReady(): Promise<(string | undefined)[]> {
  const { items } = await admin.list({ apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator' });
  const found = items.map(({ status }) => {
    const { conditions = [] } = (status ?? {}) as { conditions?: { type: string; status: string }[] };
    return conditions.find(({ type }) => type === 'Ready')?.status;
  });
  return found.length === SIDES.length ? found : [undefined];
}

async function listWorkloads(): Promise<KubeObject[]> {
  const lists = await Promise.all(
    ['Deployment', 'StatefulSet'].map(async (kind) => {
      const { items } = await admin.list({ apiVersion: 'apps/v1', kind });
      return items
        .filter(({ metadata }) => SHOPS.includes(metadata.namespace ?? ''))
        .map((item) => ({ ...item, kind }));
    }),
  );
  return lists.flat();
}

const isSettled = (object: KubeObject): boolean => computeProgress(object).isSettled;

async function createRollout(namespace: string, name: string, spec: object): Promise<string> {
  const { apiVersion, kind } = PROXY_ROLLOUT;
  const created = await admin.create(manifest(apiVersion, kind, { name, namespace }, { spec }));
  return String(created.metadata['uid']);
}

async function fetchStatus(namespace: string, name: string): Promise<ProxyRolloutStatus> {
  const { apiVersion, kind } = PROXY_ROLLOUT;
  return (await admin.get({ apiVersion, kind, namespace, name }))?.['status'] ?? {};
}

async function waitForPhase(namespace: string, name: string, phase: string): Promise<ProxyRolloutStatus> {
  let last: ProxyRolloutStatus = {};
  const read = async (): Promise<ProxyRolloutStatus | undefined> => {
    last = await fetchStatus(namespace, name);
    return last.phase === phase ? last : undefined;
  };
  return waitFor(`${name} to be ${phase}`, read, { timeoutMs: 120_000 }).catch(async (error: unknown) => {
    throw new Error(`${String(error)}: ${JSON.stringify(last)}; ${await operator.lastLines()}`, { cause: error });
  });
}

async function annotate(namespace: string, name: string, annotations: Record<string, string>): Promise<void> {
  const { apiVersion, kind } = PROXY_ROLLOUT;
  await admin.patch(
    { apiVersion, kind, namespace, name },
    { metadata: { annotations } },
    { type: 'merge', fieldManager: 'test' },
  );
}

/** Revisions of the proxies in a namespace, each once. */
async function listRevisions(namespace: string): Promise<string[]> {
  const { items } = await admin.list({ apiVersion: 'v1', kind: 'Pod' }, { namespace });
  const alive = items.filter(({ metadata }) => metadata['deletionTimestamp'] === undefined);
  const statuses = alive.map(({ metadata }) => metadata.annotations?.['sidecar.istio.io/status'] ?? '{}');
  return [
    ...new Set(statuses.map((status) => (JSON.parse(status) as { revision?: string }).revision ?? 'none')),
  ].sort();
}

/** Counts what a rollout has under way, again and again. */
function startCounting(uid: string): { most: () => number; inOneNamespace: () => number; stop: () => Promise<void> } {
  const stop = new AbortController();
  let [most, inOne] = [0, 0];
  const count = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const underWay = (await listWorkloads()).filter((each) => stampOf(each)?.rollout === uid && !isSettled(each));
      most = Math.max(most, underWay.length);
      for (const shop of SHOPS) {
        inOne = Math.max(inOne, underWay.filter(({ metadata }) => metadata.namespace === shop).length);
      }
      await pause(20);
    }
  };
  const counting = count();
  return {
    most: () => most,
    inOneNamespace: () => inOne,
    stop: async () => {
      stop.abort();
      await counting;
    },
  };
}

const ALL = { target: { tag: 'prod' }, namespaces: { matchLabels: { team: 'shop' } } };
const WAVES = [
  { name: 'canary', namespaces: ['shop-0'], soak: '0s' },
  { name: 'rest', maxParallel: MAX_PARALLEL, soak: '2s', approval: true },
];

async function writesOfWorkloads(since: Date): Promise<string[]> {
  const writes = await fetchOperatorWrites(environment.cluster.embedded?.auditLogPath ?? '', since);
  return writes
    .filter(({ objectRef }) => SHOPS.includes(objectRef?.namespace ?? '') && objectRef?.resource !== 'events')
    .map(displayEntry);
}

describe('a rollout', () => {
  it('that finds every proxy current is done without touching any', async () => {
    const since = new Date();
    await createRollout(MESH_NAMESPACE, 'idle', ALL);
    const { counts } = await waitForPhase(MESH_NAMESPACE, 'idle', 'Done');
    expect(counts).toMatchObject({ workloads: 12, current: 12, stale: 0, renewed: 0, blocked: 0 });
    expect(await writesOfWorkloads(since)).toEqual([]);
  });

  it('goes wave by wave with approval, through kills of the operator, and writes once to each workload', async () => {
    await moveTag('green');
    const since = new Date();
    const uid = await createRollout(MESH_NAMESPACE, 'to-green', { ...ALL, waves: WAVES });
    const counting = startCounting(uid);
    await waitFor(
      'the second wave to wait for a person',
      async () => {
        const { step, conditions = [] } = await fetchStatus(MESH_NAMESPACE, 'to-green');
        return step === 1 && conditions.some(({ reason }) => reason === 'ApprovalRequired');
      },
      { timeoutMs: 60_000 },
    );
    expect(await listRevisions('shop-0')).toEqual(['green']);
    for (const shop of SHOPS.slice(1)) expect(await listRevisions(shop)).toEqual(['blue']);
    await annotate(MESH_NAMESPACE, 'to-green', { 'sailwright.dev/approve': 'rest' });
    for (const renewed of [1, 4, 6]) {
      await waitFor(
        `${renewed} workloads of the wave`,
        async () => {
          const stamped = (await listWorkloads()).filter((each) => stampOf(each)?.rollout === uid);
          return stamped.length >= APPS.length + renewed;
        },
        { timeoutMs: 60_000, intervalMs: 10 },
      );
      await operator.kill();
      operator = await startNext();
    }
    const { counts, blocked } = await waitForPhase(MESH_NAMESPACE, 'to-green', 'Done');
    await counting.stop();
    expect(counts).toMatchObject({ workloads: 12, current: 11, stale: 1, underWay: 0, renewed: 11, blocked: 1 });
    expect(blocked).toEqual([expect.objectContaining({ name: 'lonely', reason: 'SingleReplica' })]);
    expect([counting.most(), counting.inOneNamespace()]).toEqual([MAX_PARALLEL, 1]);
    const writes = await writesOfWorkloads(since);
    const perWorkload = SHOPS.flatMap((shop) => APPS.map((app) => `patch deployments ${shop}/${app}`));
    expect(writes.filter((write) => write.includes('deployments')).sort()).toEqual(perWorkload.sort());
    expect(writes.filter((write) => write.startsWith('create pods/eviction'))).toHaveLength(2);
    const quietSince = new Date();
    await pause(3_000);
    expect(await writesOfWorkloads(quietSince)).toEqual([]);
  });

  it('stops in the wave in which a pod fails, and brings back what it touched and nothing else', async () => {
    await moveTag('blue');
    const waves = [
      { name: 'canary', namespaces: ['shop-0'], soak: '0s' },
      { name: 'next', namespaces: ['shop-1'], soak: '1m' },
      { name: 'rest', maxParallel: MAX_PARALLEL },
    ];
    const uid = await createRollout(MESH_NAMESPACE, 'bad', { ...ALL, waves, onFailure: 'Rollback' });
    await waitFor(
      'the second wave to be watched',
      async () => {
        const { step, phase } = await fetchStatus(MESH_NAMESPACE, 'bad');
        return step === 1 && phase === 'Soaking';
      },
      { timeoutMs: 60_000 },
    );
    const { items } = await admin.list({ apiVersion: 'v1', kind: 'Pod' }, { namespace: 'shop-1' });
    const pod = items.find(({ metadata }) => metadata['deletionTimestamp'] === undefined);
    await breakProxy({ ...pod, apiVersion: 'v1', kind: 'Pod' } as KubeObject);
    const status = await waitForPhase(MESH_NAMESPACE, 'bad', 'RolledBack');
    expect(status.cause).toMatchObject({ reason: 'GateFailed' });
    expect(status.cause?.message).toContain('CrashLoopBackOff');
    expect(await fetchTagTarget()).toBe('green');
    for (const shop of ['shop-0', 'shop-1', 'shop-2', 'shop-3']) expect(await listRevisions(shop)).toEqual(['green']);
    const touched = (await listWorkloads()).filter((each) => stampOf(each)?.rollout === uid);
    expect([...new Set(touched.map(({ metadata }) => metadata.namespace))].sort()).toEqual(['shop-0', 'shop-1']);
    expect(touched.every((each) => stampOf(each)?.way === 'back')).toBe(true);
  });

  it('of an ordinary namespace renews what is in it, and may not ask for more', async () => {
    await moveTag('blue');
    await createRollout('shop-2', 'greedy', { namespaces: { names: ['shop-3'] } });
    const { message } = await waitForPhase('shop-2', 'greedy', 'Invalid');
    expect(message).toContain('spec.namespaces: a rollout here renews the workloads of its own namespace only');
    await createRollout('shop-2', 'own', { waves: [{ name: 'all', maxParallel: 5, soak: '0s' }] });
    await waitForPhase('shop-2', 'own', 'Done');
    expect(await listRevisions('shop-2')).toEqual(['blue']);
    expect(await listRevisions('shop-3')).toEqual(['green']);
  });
});

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

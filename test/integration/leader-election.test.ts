import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKubeClient, loadKubeConfig, type KubeClient } from '../../src/kube/client.ts';
import { LeaderElector } from '../../src/kube/leader-election.ts';
import { FaultProxy } from '../../testbed/fault-proxy.ts';
import { obtainCluster, type ObtainedCluster } from '../../testbed/obtain.ts';
import { waitFor } from '../../testbed/wait.ts';

let cluster: ObtainedCluster;
let client: KubeClient;
const name = `election-test-${process.pid}`;

beforeAll(async () => {
  cluster = await obtainCluster();
  client = createKubeClient({ version: 'test', kubeConfig: loadKubeConfig(cluster.kubeconfig) });
});
afterAll(async () => {
  await client.delete({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace: 'default', name });
  client.close();
  await cluster.stop();
});

interface Replica {
  elector: LeaderElector;
  crash: () => void;
  stop: () => Promise<void>;
}

function startReplica(identity: string, api = client, lease = name): Replica {
  const abort = new AbortController();
  const dead = new AbortController();
  const elector = new LeaderElector({
    connect: ({ signal, timeoutMs }) => api.scoped({ signal: AbortSignal.any([signal, dead.signal]), timeoutMs }),
    namespace: 'default',
    name: lease,
    identity,
    leaseDurationMs: 3_000,
    renewDeadlineMs: 2_000,
    retryPeriodMs: 300,
    onStartedLeading: () => undefined,
    onStoppedLeading: () => undefined,
  });
  const running = elector.run(abort.signal);
  const stop = async (): Promise<void> => {
    abort.abort();
    await running;
  };
  return { elector, stop, crash: () => dead.abort() };
}

it('hands over on shutdown at once and on a crash after the lease, never to two', async () => {
  const replicas = ['a', 'b', 'c'].map((identity) => startReplica(identity));
  const leaders = (): Replica[] => replicas.filter(({ elector }) => elector.isLeader());
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, leaders().length)), 20);
  try {
    const first = await waitFor('a leader', () => leaders()[0]);
    await first.stop();
    const began = performance.now();
    const second = await waitFor('the second leader', () => leaders().find((replica) => replica !== first));
    expect(performance.now() - began).toBeLessThan(2_500);
    second.crash();
    await waitFor('the third leader', () => leaders().find((replica) => replica !== second), { timeoutMs: 10_000 });
    expect(most).toBe(1);
  } finally {
    clearInterval(watch);
    await Promise.all(replicas.map(({ stop }) => stop()));
  }
});

describe('a leader whose writes are held on their way', () => {
  const HELD_MS = 6_000;
  let proxy: FaultProxy;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sailwright-lease-'));
    proxy = await FaultProxy.start(cluster.kubeconfig);
  });
  afterAll(async () => {
    await proxy.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('sends nothing that arrives after another took over', async () => {
    const through = createKubeClient({
      version: 'test',
      kubeConfig: loadKubeConfig(await proxy.writeKubeconfig(join(folder, 'kubeconfig'))),
    });
    const first = startReplica('held', through, 'held-test');
    await waitFor('a leader', () => first.elector.isLeader());
    const second = startReplica('next', client, 'held-test');
    const leaderApi = through.scoped({
      canWrite: () => first.elector.isLeader(),
      term: () => first.elector.term,
    });
    proxy.fault = ({ isWrite }) => (isWrite ? { delayMs: HELD_MS } : undefined);
    const name = 'stale-write';
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'default', name } };
    const outcome = leaderApi.apply(object, { fieldManager: 'test' }).catch((error: unknown) => error);
    const sent = (): boolean => proxy.seen.some(({ path }) => path.endsWith(`/${name}`));
    await waitFor('the write to be on its way', sent);
    await waitFor('the other to take over', () => second.elector.isLeader(), { timeoutMs: 10_000 });
    expect(await outcome).toMatchObject({ message: expect.stringContaining('no longer leads') as string });
    const held = proxy.seen.find(({ path }) => path.endsWith(`/${name}`));
    await waitFor('the end of its time', () => performance.now() > (held?.at ?? 0) + HELD_MS + 500);
    expect(held?.status).toBeUndefined();
    expect(await client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name })).toBeUndefined();
    proxy.fault = () => undefined;
    await Promise.all([first.stop(), second.stop()]);
    through.close();
  });
});

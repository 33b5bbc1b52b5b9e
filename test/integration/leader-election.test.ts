import { afterAll, beforeAll, expect, it } from 'vitest';
import { createKubeClient, loadKubeConfig, type KubeClient } from '../../src/kube/client.ts';
import { LeaderElector } from '../../src/runtime/leader-election.ts';
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

function startReplica(identity: string): Replica {
  const abort = new AbortController();
  const dead = new AbortController();
  const elector = new LeaderElector({
    api: client.scoped({ signal: dead.signal }),
    namespace: 'default',
    name,
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
  const replicas = ['a', 'b', 'c'].map(startReplica);
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

// Six ways to come apart: the API server, the leader, the standby and the webhooks lose each other, and meet again.
import { pause, waitFor } from '../../testbed/wait.ts';
import { Forwarder } from '../../testbed/forwarder.ts';
import type { Environment } from '../e2e/support/environment.ts';
import { deleteResource } from '../e2e/support/resource.ts';
import {
  isLeading,
  measureChange,
  startReplica,
  stopReplicas,
  Table,
  waitForLeader,
  type Replica,
  type Row,
} from './world.ts';

/** Longer than the lease. */
const APART_MS = 22_000;
const SLOW_MS = 2_500;

interface Way {
  what: string;
  /** Breaks something, and returns what mends it. */
  begin: (leader: Replica, standby: readonly Replica[], forwarder: Forwarder) => () => void;
}

const WAYS: readonly Way[] = [
  { what: 'the leader from the API server', begin: (leader) => cut([leader]) },
  { what: 'the standby from the API server', begin: (_, standby) => cut(standby) },
  { what: 'both from the API server', begin: (leader, standby) => cut([leader, ...standby]) },
  {
    what: 'the API server from the webhooks',
    begin: (leader, standby, forwarder) => {
      const ports = [leader, ...standby].map(({ operator }) => operator.webhookPort);
      forwarder.use([]);
      return () => forwarder.use(ports);
    },
  },
  {
    what: 'half-open: all connections of the leader are silent for ever',
    begin: ({ proxy }) => {
      proxy.silence();
      return () => undefined;
    },
  },
  {
    what: `slow: each request of the leader takes ${SLOW_MS / 1000} s more`,
    begin: ({ proxy }) => {
      proxy.fault = () => ({ delayMs: SLOW_MS });
      return () => (proxy.fault = () => undefined);
    },
  },
];

function cut(replicas: readonly Replica[]): () => void {
  for (const { proxy } of replicas) proxy.partition();
  return () => replicas.forEach(({ proxy }) => proxy.heal());
}

/** Changes the spec in the middle of each partition; measures from its end until the change is applied and Ready. */
export async function runPartitions(environment: Environment): Promise<void> {
  const forwarder = await Forwarder.start();
  const webhookUrl = `https://127.0.0.1:${forwarder.port}`;
  const replicas = await Promise.all(
    ['parted-1', 'parted-2'].map((name) => startReplica(environment, name, { webhookUrl })),
  );
  forwarder.use(replicas.map(({ operator }) => operator.webhookPort));
  await waitForLeader(replicas);
  await measureChange(0);
  const table = new Table(
    `partitions of ${APART_MS / 1000} s: from their end until a change made meanwhile is applied and Ready`,
  );
  try {
    for (const [index, way] of WAYS.entries()) table.add(await runWay(replicas, { way, index, forwarder }));
    await deleteResource(environment.kubectl);
  } finally {
    await forwarder.stop();
    await stopReplicas(replicas);
  }
  table.end();
}

async function runWay(
  replicas: readonly Replica[],
  { way, index, forwarder }: { way: Way; index: number; forwarder: Forwarder },
): Promise<Row> {
  const { leader, standby } = await waitForLeader(replicas);
  const mend = way.begin(leader, standby, forwarder);
  const began = performance.now();
  let mostLeaders = 0;
  const change = measureChange(index + 1);
  while (performance.now() - began < APART_MS) {
    const leads = await Promise.all(replicas.map(isLeading));
    mostLeaders = Math.max(mostLeaders, leads.filter(Boolean).length);
    await pause(200);
  }
  mend();
  const ms = Math.max(0, (await change) - APART_MS);
  await waitFor('exactly one leader', async () => {
    const leads = await Promise.all(replicas.map(isLeading));
    return leads.filter(Boolean).length === 1;
  });
  if (mostLeaders > 1) throw new Error(`${way.what}: ${mostLeaders} led at a time`);
  return { what: way.what, ms };
}

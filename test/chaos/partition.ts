// Ways to come apart: the API server, the leader, the standby and the webhooks lose each other, and meet again.
import { pause, waitFor } from '../../testbed/wait.ts';
import { Forwarder } from '../../testbed/forwarder.ts';
import type { Environment } from '../e2e/support/environment.ts';
import { deleteResource } from '../e2e/support/resource.ts';
import { tellDoubleWrites } from './double-writes.ts';
import {
  displaySeconds,
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
const LOOK_EVERY_MS = 100;

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

/**
 * Changes the spec in the middle of each partition; measures from its end until the change is applied and Ready, and how
 * long nobody led. Rejects when two led, or wrote, at a time.
 */
export async function runPartitions(environment: Environment, rounds: number): Promise<void> {
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
    for (let index = 0; index < rounds; index += 1) {
      const way = WAYS[index % WAYS.length] as Way;
      table.add(await runWay(replicas, { way, index, forwarder }));
    }
    tellDoubleWrites(replicas);
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
  const leads = new LeaderWatch(replicas);
  const change = measureChange(index + 1);
  while (performance.now() - began < APART_MS) {
    await leads.look();
    await pause(LOOK_EVERY_MS);
  }
  mend();
  const waiting = { intervalMs: LOOK_EVERY_MS };
  await waitFor('exactly one leader', async () => (await leads.look()) === 1, waiting);
  const ms = Math.max(0, (await change) - APART_MS);
  if (leads.most > 1) throw new Error(`${way.what}: ${leads.most} led at a time`);
  return { what: way.what, ms, note: `nobody led for ${displaySeconds(leads.longestGapMs)}` };
}

/** How many replicas lead, again and again. */
class LeaderWatch {
  most = 0;
  longestGapMs = 0;
  readonly #replicas: readonly Replica[];
  #seenAt = performance.now();
  #isLed = true;

  constructor(replicas: readonly Replica[]) {
    this.#replicas = replicas;
  }

  async look(): Promise<number> {
    const leads = (await Promise.all(this.#replicas.map(isLeading))).filter(Boolean).length;
    const now = performance.now();
    this.most = Math.max(this.most, leads);
    const isLed = leads > 0;
    // A gap is counted from the last look at a leader to the next one.
    if (!this.#isLed || !isLed) this.longestGapMs = Math.max(this.longestGapMs, now - this.#seenAt);
    if (isLed) this.#seenAt = now;
    this.#isLed = isLed;
    return leads;
  }
}

// How long nobody leads after a leader was killed, was asked to stop, or can write no more; and that it then wrote nothing.
import { pause, waitFor } from '../../testbed/wait.ts';
import type { Environment } from '../e2e/support/environment.ts';
import { deleteResource } from '../e2e/support/resource.ts';
import { isLeading, measureChange, startReplica, stopReplicas, Table, waitForLeader, type Replica } from './world.ts';

type Way = 'kill -9' | 'SIGTERM' | 'its writes are held';

/** The lease is 15 s. */
const LONGEST_MS: Readonly<Record<Way, number>> = { 'kill -9': 16_000, SIGTERM: 2_000, 'its writes are held': 16_000 };
/** Longer than a leader without a renewal leads, so that what is held comes late. */
const HELD_MS = 20_000;

/** Rejects when a take-over takes too long, or when a leader that lost the lease still writes. */
export async function runTakeovers(environment: Environment, rounds: number): Promise<void> {
  const replicas: Replica[] = [];
  const table = new Table('take-over: from the end of the leader until the other leads');
  const start = async (): Promise<void> => {
    replicas.push(await startReplica(environment, `candidate-${replicas.length + 1}`));
  };
  const measure = async (way: Way, end: (leader: Replica) => Promise<unknown>): Promise<void> => {
    const { leader, next } = await waitForBoth(replicas);
    const began = performance.now();
    const ended = end(leader);
    await waitFor('the other to lead', () => isLeading(next), { timeoutMs: 60_000, intervalMs: 20 });
    const ms = performance.now() - began;
    table.add({ what: way, ms });
    await ended;
    if (ms > LONGEST_MS[way]) throw new Error(`a take-over after ${way} took ${Math.round(ms)} ms`);
  };
  try {
    await start();
    await start();
    for (let round = 0; round < rounds; round += 1) {
      if (round % 2 === 0) await measure('kill -9', ({ operator }) => operator.kill());
      else await measure('SIGTERM', ({ operator }) => operator.stop());
      await start();
    }
    await measureChange(0);
    await measure('its writes are held', async ({ proxy }) => {
      const change = measureChange(1);
      await holdWrites(proxy);
      await change;
    });
    await deleteResource(environment.kubectl);
  } finally {
    await stopReplicas(replicas);
  }
  table.end();
}

async function waitForBoth(replicas: readonly Replica[]): Promise<{ leader: Replica; next: Replica }> {
  const { leader, standby } = await waitForLeader(replicas);
  const [next] = standby;
  if (!next) throw new Error('there is no other replica');
  await waitFor('the other to be ready', async () => (await next.operator.fetchHealth('/readyz')) === 200);
  return { leader, next };
}

/** All that the replica writes is held for longer than it leads: nothing of it may be carried out afterwards. */
async function holdWrites(proxy: Replica['proxy']): Promise<void> {
  proxy.forget();
  proxy.fault = ({ isWrite }) => (isWrite ? { delayMs: HELD_MS } : undefined);
  await pause(HELD_MS + 5_000);
  const late = proxy.seen.filter(({ isWrite, status }) => isWrite && status !== undefined);
  proxy.fault = () => undefined;
  const held = proxy.seen.filter(({ isWrite }) => isWrite).length;
  console.log(`  writes of the leader that were held: ${held}; carried out after it lost the lease: ${late.length}`);
  if (held === 0) throw new Error('the leader wrote nothing that could be held');
  if (late.length > 0)
    throw new Error(`a lost leader wrote ${late.map(({ method, path }) => `${method} ${path}`).join()}`);
}

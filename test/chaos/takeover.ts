// How long nobody leads after a leader was killed, was asked to stop, or can write no more; and that it then wrote nothing.
import { pause, waitFor } from '../../testbed/wait.ts';
import type { Environment } from '../e2e/support/environment.ts';
import { deleteResource } from '../e2e/support/resource.ts';
import { countWrites, tellDoubleWrites } from './double-writes.ts';
import {
  displaySeconds,
  isLeading,
  measureChange,
  startReplica,
  stopReplicas,
  Table,
  waitForLeader,
  type Replica,
} from './world.ts';

type Way = 'kill -9' | 'SIGTERM' | 'its writes are held';

/** The lease is 15 s; the rest is for a busy machine. */
const LONGEST_MS: Readonly<Record<Way, number>> = { 'kill -9': 18_000, SIGTERM: 4_000, 'its writes are held': 18_000 };
/** So many leaders are asked to stop. */
const STOPS = 2;
/** Longer than a leader without a renewal leads, so that what is held comes late. */
const HELD_MS = 20_000;

/**
 * Kills as many leaders as there are rounds, and asks two to stop, each in the midst of a change. Rejects when a take-over
 * takes too long, or when a leader that lost the lease still writes.
 */
export async function runTakeovers(environment: Environment, rounds: number): Promise<void> {
  const replicas: Replica[] = [];
  const table = new Table('take-over in the midst of a change: from the end of the leader until the other leads');
  const start = async (): Promise<void> => {
    replicas.push(await startReplica(environment, `candidate-${replicas.length + 1}`));
  };
  const measure = async (way: Way, change: number, end: (leader: Replica) => Promise<unknown>): Promise<void> => {
    const { leader, next } = await waitForBoth(replicas);
    const applied = await beginChange(leader, change);
    const began = performance.now();
    const ended = end(leader);
    await waitFor('the other to lead', () => isLeading(next), { timeoutMs: 60_000, intervalMs: 20 });
    const ms = performance.now() - began;
    await ended;
    await applied();
    const note = `the change is applied and Ready after ${displaySeconds(performance.now() - began)}`;
    table.add({ what: way, ms, note });
    if (ms > LONGEST_MS[way]) throw new Error(`a take-over after ${way} took ${Math.round(ms)} ms`);
  };
  try {
    await start();
    await start();
    await waitForBoth(replicas);
    await measureChange(0);
    for (let round = 1; round <= rounds + STOPS; round += 1) {
      if (round <= rounds) await measure('kill -9', round, ({ operator }) => operator.kill());
      else await measure('SIGTERM', round, ({ operator }) => operator.stop());
      await start();
    }
    await measure('its writes are held', rounds + STOPS + 1, ({ proxy }) => holdWrites(proxy));
    tellDoubleWrites(replicas);
    await deleteResource(environment.kubectl);
  } finally {
    await stopReplicas(replicas);
  }
  table.end();
}

/** Resolves when the leader has begun to write the n-th change, with what waits for its end. */
async function beginChange(leader: Replica, change: number): Promise<() => Promise<unknown>> {
  const before = countWrites(leader);
  const applied = measureChange(change);
  applied.catch(() => undefined);
  await waitFor('the leader to write', () => countWrites(leader) > before, { intervalMs: 2 });
  return () => applied;
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
  const from = proxy.seen.length;
  proxy.fault = ({ isWrite }) => (isWrite ? { delayMs: HELD_MS } : undefined);
  await pause(HELD_MS + 5_000);
  const writes = proxy.seen.slice(from).filter(({ isWrite }) => isWrite);
  const late = writes.filter(({ status }) => status !== undefined);
  proxy.fault = () => undefined;
  const held = writes.length;
  console.log(`  writes of the leader that were held: ${held}; carried out after it lost the lease: ${late.length}`);
  if (held === 0) throw new Error('the leader wrote nothing that could be held');
  if (late.length > 0)
    throw new Error(`a lost leader wrote ${late.map(({ method, path }) => `${method} ${path}`).join()}`);
}

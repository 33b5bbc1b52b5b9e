// How long nobody leads after a leader was killed, and after one was asked to stop.
import { waitFor } from '../../testbed/wait.ts';
import type { Environment } from '../e2e/support/environment.ts';
import { isLeading, startReplica, Table, waitForLeader, type Replica } from './world.ts';

export async function runTakeovers(environment: Environment, rounds: number): Promise<void> {
  const replicas: Replica[] = [];
  const table = new Table('take-over: from the signal until the other leads');
  let started = 0;
  const start = async (): Promise<void> => {
    replicas.push(await startReplica(environment, `candidate-${(started += 1)}`));
  };
  await start();
  await start();
  for (let round = 0; round < rounds; round += 1) {
    const { leader, standby } = await waitForLeader(replicas);
    const [next] = standby;
    if (!next) throw new Error('there is no other replica');
    await waitFor('the other to be ready', async () => (await next.operator.fetchHealth('/readyz')) === 200);
    const isKill = round % 2 === 0;
    const began = performance.now();
    const ended = isKill ? leader.operator.kill() : leader.operator.stop();
    await waitFor('the other to lead', () => isLeading(next), { timeoutMs: 60_000, intervalMs: 20 });
    table.add({ what: isKill ? 'kill -9' : 'SIGTERM', ms: performance.now() - began });
    await ended;
    await leader.proxy.stop();
    await start();
  }
  await Promise.all(replicas.map(async ({ operator }) => operator.exit ?? (await operator.stop())));
  table.end();
}

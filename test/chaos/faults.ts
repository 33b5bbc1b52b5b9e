// Requests that fail at random while a mesh is installed, changed and removed.
import type { Fault, ProxiedRequest } from '../../testbed/fault-proxy.ts';
import type { Environment } from '../e2e/support/environment.ts';
import { LEASE } from '../e2e/support/names.ts';
import { measureChange, measureDeletion, startReplica, Table, waitForLeader, type Replica } from './world.ts';

interface Trouble {
  what: string;
  decide: (request: ProxiedRequest) => Fault | undefined;
}

const sometimes =
  (share: number, fault: Fault) =>
  ({ isWatch }: ProxiedRequest): Fault | undefined =>
    !isWatch && Math.random() < share ? fault : undefined;

const TROUBLES: readonly Trouble[] = [
  {
    what: '30 % answer 429, Retry-After 1 s',
    decide: sometimes(0.3, { answer: 429, headers: { 'retry-after': '1' } }),
  },
  { what: '30 % answer 503', decide: sometimes(0.3, { answer: 503 }) },
  { what: '20 % answer 500', decide: sometimes(0.2, { answer: 500 }) },
  { what: '20 % of connections break', decide: sometimes(0.2, 'reset') },
  { what: '10 % are carried out, and their answer is lost', decide: sometimes(0.1, { loseAnswer: true }) },
  { what: 'each takes 0.5 s more', decide: () => ({ delayMs: 500 }) },
];

/** Rejects when something does not converge; tells of leases that were lost. */
export async function runFaults(environment: Environment): Promise<void> {
  const table = new Table('requests that fail: until all is as asked');
  const transitions: string[] = [];
  for (const [index, trouble] of TROUBLES.entries()) {
    const replica = await startReplica(environment, `troubled-${index}`);
    try {
      transitions.push(`${trouble.what}: ${await runTrouble(environment, replica, { trouble, table })}`);
    } catch (error) {
      const lines = (await replica.operator.lastLines(20)).split('\n');
      console.log(lines.map((line) => `  | ${line.slice(0, 300)}`).join('\n'));
      throw error;
    } finally {
      replica.proxy.fault = () => undefined;
      await replica.operator.stop();
      await replica.proxy.stop();
    }
  }
  table.end();
  console.log(`  times that the lease changed hands meanwhile: ${transitions.join('; ')}`);
}

/** Resolves with how often the lease changed hands. */
async function runTrouble(
  environment: Environment,
  replica: Replica,
  { trouble: { what, decide }, table }: { trouble: Trouble; table: Table },
): Promise<number> {
  await waitForLeader([replica]);
  const before = await fetchTransitions(environment);
  replica.proxy.fault = decide;
  table.add({ what: `${what}: installed`, ms: await measureChange(environment, 0) });
  table.add({ what: `${what}: changed`, ms: await measureChange(environment, 1) });
  table.add({ what: `${what}: removed`, ms: await measureDeletion(environment) });
  return (await fetchTransitions(environment)) - before;
}

async function fetchTransitions({ kubectl }: Environment): Promise<number> {
  const args = ['get', 'lease', LEASE.name, '-n', LEASE.namespace, '-o', 'jsonpath={.spec.leaseTransitions}'];
  return Number(await kubectl(args));
}

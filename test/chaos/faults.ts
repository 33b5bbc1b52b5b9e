// Requests that fail at random while a mesh is installed, changed and removed.
import type { Fault, ProxiedRequest } from '../../testbed/fault-proxy.ts';
import type { Environment } from '../e2e/support/environment.ts';
import { LEASE } from '../e2e/support/names.ts';
import { measureChange, measureDeletion, printRows, startReplica, waitForLeader, type Row } from './world.ts';

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
  const rows: Row[] = [];
  const transitions: string[] = [];
  for (const [index, { what, decide }] of TROUBLES.entries()) {
    const replica = await startReplica(environment, `troubled-${index}`);
    await waitForLeader([replica]);
    const before = await fetchTransitions(environment);
    replica.proxy.fault = decide;
    rows.push({ what: `${what}: installed`, ms: await measureChange(environment, 0) });
    rows.push({ what: `${what}: changed`, ms: await measureChange(environment, 1) });
    rows.push({ what: `${what}: removed`, ms: await measureDeletion(environment) });
    transitions.push(`${what}: ${(await fetchTransitions(environment)) - before}`);
    replica.proxy.fault = () => undefined;
    await replica.operator.stop();
    await replica.proxy.stop();
  }
  printRows('requests that fail: until all is as asked', rows);
  console.log(`  times that the lease changed hands meanwhile: ${transitions.join('; ')}`);
}

async function fetchTransitions({ kubectl }: Environment): Promise<number> {
  const args = ['get', 'lease', LEASE.name, '-n', LEASE.namespace, '-o', 'jsonpath={.spec.leaseTransitions}'];
  return Number(await kubectl(args));
}

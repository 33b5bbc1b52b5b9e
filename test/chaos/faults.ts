// Requests that fail at random while a mesh is installed, changed and removed.
import { readFile } from 'node:fs/promises';
import type { Fault, ProxiedRequest } from '../../testbed/fault-proxy.ts';
import type { Environment } from '../e2e/support/environment.ts';
import {
  measureChange,
  measureDeletion,
  startReplica,
  stopReplicas,
  Table,
  waitForLeader,
  type Replica,
} from './world.ts';

interface Trouble {
  what: string;
  decide: (request: ProxiedRequest) => Fault | undefined;
}

/** An installation takes no longer, whatever the trouble. */
const LONGEST_INSTALLATION_MS = 150_000;

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

/** Rejects when something does not converge or takes too long, or when the lease is lost on the way. */
export async function runFaults(environment: Environment): Promise<void> {
  const table = new Table('requests that fail: until all is as asked');
  for (const [index, trouble] of TROUBLES.entries()) {
    const replica = await startReplica(environment, `troubled-${index}`);
    try {
      await runTrouble(environment, replica, { trouble, table });
    } catch (error) {
      const lines = (await replica.operator.lastLines(20)).split('\n');
      console.log(lines.map((line) => `  | ${line.slice(0, 300)}`).join('\n'));
      throw error;
    } finally {
      replica.proxy.fault = () => undefined;
      await stopReplicas([replica]);
    }
  }
  table.end();
  console.log('  the lease was kept all the time');
}

async function runTrouble(
  environment: Environment,
  replica: Replica,
  { trouble: { what, decide }, table }: { trouble: Trouble; table: Table },
): Promise<void> {
  await waitForLeader([replica]);
  replica.proxy.fault = decide;
  const ms = await measureChange(0);
  table.add({ what: `${what}: installed`, ms });
  if (ms > LONGEST_INSTALLATION_MS) throw new Error(`${what}: an installation took ${Math.round(ms / 1000)} s`);
  table.add({ what: `${what}: changed`, ms: await measureChange(1) });
  table.add({ what: `${what}: removed`, ms: await measureDeletion(environment) });
  const log = await readFile(replica.operator.logFile, 'utf8');
  if (log.includes(LOST)) throw new Error(`${what}: the lease was lost`);
}

/** What a leader logs when it is none any more. */
const LOST = '"no longer leading"';

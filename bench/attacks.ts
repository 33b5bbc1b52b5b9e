// `npm run bench:attacks [-- NAME]`: how long injection takes while each attack is sent in a loop to the same server.
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { ATTACKS } from '../test/builders/attacks.ts';
import { benchReview, REPLICA_SET } from './inject-review.ts';
import { numberedBodies } from './numbered-bodies.ts';
import { startBenchServer, type BenchServer } from './servers/ours.ts';
import { openConnection, post } from './webhook-load.ts';

const INJECTIONS = 300;
const PAUSE_MS = 5;
const CALLS = 4;
const FLOOD_CALLS = 200;
const WARM_UP = 500;
const ATTACKER = new URL('./attacker.ts', import.meta.url);
const INJECTION = JSON.stringify(benchReview());
/** Each of a workload of its own. */
const nextInjection = numberedBodies(INJECTION, REPLICA_SET);
const [only] = process.argv.slice(2);

interface Reading {
  p50: number;
  p99: number;
  longest: number;
  burst: number;
}

/** Milliseconds of injections that come one after the other, as pods do. */
async function measureInjections({ port, readBurst }: BenchServer): Promise<Reading> {
  await readBurst();
  const connection = openConnection(port);
  const times: number[] = [];
  for (let i = 0; i < INJECTIONS; i++) {
    const began = performance.now();
    await post(connection, '/inject', nextInjection());
    times.push(performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  connection.close();
  times.sort((a, b) => a - b);
  const at = (part: number): number => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? NaN;
  return { p50: at(0.5), p99: at(0.99), longest: at(1), burst: await readBurst() };
}

async function underAttack(server: BenchServer, attack: object): Promise<Reading & { answered: number }> {
  const { port } = server;
  const attacker = new Worker(ATTACKER, { workerData: { port, calls: CALLS, ...attack } });
  // The first answer shows that the attack is under way; one that takes long is under way before it.
  await Promise.race([once(attacker, 'online'), once(attacker, 'error')]);
  const reading = await measureInjections(server);
  attacker.postMessage('count');
  const [answered] = (await once(attacker, 'message')) as [number];
  await attacker.terminate();
  return { ...reading, answered };
}

function reviewOf(object: unknown): string {
  const request = { uid: 'attack', operation: 'CREATE', namespace: 'default', object };
  return JSON.stringify({ kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', request });
}

function printRow(name: string, size: number, { p50, p99, longest, burst }: Reading, answered?: number): void {
  const cells = [
    `${(size / 1024).toFixed(0)} KiB`.padStart(9),
    `${p50.toFixed(1)} ms`.padStart(10),
    `${p99.toFixed(1)} ms`.padStart(10),
    `${longest.toFixed(1)} ms`.padStart(11),
    `${burst.toFixed(1)} ms`.padStart(10),
    (answered === undefined ? '' : String(answered)).padStart(9),
  ];
  console.log(`${name.padEnd(48)} ${cells.join(' ')}`);
}

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as {
  version: string;
};
console.log(`injection by ${version} while ${CALLS} calls at a time are under way\n`);
console.log(`${'attack'.padEnd(48)} ${'size'.padStart(9)}        p50        p99     longest      burst  answered`);
const server = await startBenchServer();
for (let i = 0; i < WARM_UP; i++) await server.post('/inject', nextInjection());
printRow('(none)', 0, await measureInjections(server));
for (const { name, path, size, build } of ATTACKS) {
  if (only !== undefined && !name.includes(only)) continue;
  const body = reviewOf(build(size));
  const { answered, ...reading } = await underAttack(server, { path, body });
  printRow(name, Buffer.byteLength(body), reading, answered);
}
// Pods as they are, so many that they take the whole processor; Linux has addresses enough for a neighbour.
if (process.platform === 'linux' && (only === undefined || 'small pods'.includes(only))) {
  const flood = { path: '/inject', body: INJECTION, mark: REPLICA_SET, calls: FLOOD_CALLS, localAddress: '127.0.0.2' };
  const { answered, ...reading } = await underAttack(server, flood);
  printRow(`small pods, ${FLOOD_CALLS} at a time`, INJECTION.length, reading, answered);
}
await server.stop();

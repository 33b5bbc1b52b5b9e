// kill -9 at random moments of installations, upgrades and deletions: the next process finishes the work.
import { pause } from '../../testbed/wait.ts';
import type { Environment } from '../e2e/support/environment.ts';
import { OWNER_SELECTOR } from '../e2e/support/names.ts';
import { fetchLabelled } from '../e2e/support/objects.ts';
import { applySpec, deleteResource, MESH_NAME, MESH_NAMESPACE, waitForCondition } from '../e2e/support/resource.ts';
import { specOf, Table, waitForRest, type Row } from './world.ts';

const LATEST_MOMENT_MS = 2_000;
const WORK = ['installation', 'upgrade', 'deletion'] as const;

/** Rejects when one round does not converge, or leaves something behind. */
export async function runKills(environment: Environment, rounds: number): Promise<void> {
  const title = 'kill -9 at random moments: from the start of the next process until all is as asked';
  const table = new Table(title);
  for (let round = 0; round < rounds; round += 1) {
    const work = WORK[round % WORK.length] ?? 'installation';
    table.add(await runRound(environment, work, round));
  }
  await deleteResource(environment.kubectl).catch(() => undefined);
  table.end();
}

async function runRound(environment: Environment, work: (typeof WORK)[number], round: number): Promise<Row> {
  const { kubectl } = environment;
  const victim = await environment.startOperator(`victim-${round}`);
  if (work === 'upgrade') await waitForCondition('Ready');
  const moment = Math.round(Math.random() * LATEST_MOMENT_MS);
  if (work === 'deletion') await kubectl(['delete', 'iop', MESH_NAME, '-n', MESH_NAMESPACE, '--wait=false']);
  else await applySpec(work === 'installation' ? specOf(0) : { ...specOf(1), revision: 'next' });
  await pause(moment);
  await victim.kill();
  const began = performance.now();
  const successor = await environment.startOperator(`successor-${round}`);
  await waitForRest();
  const ms = performance.now() - began;
  if (work === 'deletion') await expectNothingLeft(environment);
  await successor.stop();
  return { what: `${work}, killed after ${moment} ms`, ms };
}

async function expectNothingLeft({ kubectl }: Environment): Promise<void> {
  const left = await fetchLabelled(kubectl, OWNER_SELECTOR);
  const kept = new Set(['CustomResourceDefinition', 'Namespace']);
  const wrong = left.filter(({ kind }) => !kept.has(kind) && kind !== 'Pod' && kind !== 'ReplicaSet');
  if (wrong.length > 0) throw new Error(`left behind: ${JSON.stringify(wrong)}`);
}

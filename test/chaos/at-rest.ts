// What an operator takes while nothing is asked of it, and when that is.
import { readFile } from 'node:fs/promises';
import type { KubeClient } from '../../src/kube/client.ts';
import type { OperatorProcess } from '../../testbed/operator-process.ts';
import { pause, waitFor } from '../../testbed/wait.ts';
import { fetchMetricSum } from '../e2e/support/metrics.ts';

const REST_MS = 20_000;
/** What an installation or many new pods cause is over when nothing of it was seen for so long. */
const SETTLING_MS = 10_000;

/** Waits until no pod has changed for a while. */
export function waitForRestOfPods(admin: KubeClient): Promise<void> {
  return waitForRest('the pods', async () => {
    const { items } = await admin.list({ apiVersion: 'v1', kind: 'Pod' }, { metadataOnly: true });
    return items.reduce((most, { metadata }) => Math.max(most, Number(metadata['resourceVersion'])), 0);
  });
}

/** Waits until the operator has ended no pass for a while: those that follow an installation are no rest. */
export function waitForRestOf(operator: OperatorProcess): Promise<void> {
  return waitForRest('the operator', () => fetchMetricSum(operator, 'sailwright_reconcile_total'));
}

async function waitForRest(whose: string, count: () => Promise<number>): Promise<void> {
  let before: number | undefined;
  const looksTheSame = async (): Promise<boolean> => {
    const now = await count();
    const isSame = now === before;
    before = now;
    return isSame;
  };
  await waitFor(`${whose} to rest`, looksTheSame, { timeoutMs: 300_000, intervalMs: SETTLING_MS });
}

/** Share of one core over a while in which nothing is asked of it. */
export async function measureCpu({ pid }: OperatorProcess): Promise<number> {
  const ticks = async (): Promise<number> => {
    const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
    return Number(fields[11]) + Number(fields[12]);
  };
  const before = await ticks();
  await pause(REST_MS);
  return ((await ticks()) - before) / 100 / (REST_MS / 1000);
}

/** Resident memory in MB. */
export async function readRss({ pid }: OperatorProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return (Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024) / 1e6;
}

// What every scenario uses: replicas behind proxies of their own, who leads, and how long it takes to converge.
import { join } from 'node:path';
import type { IstioOperatorSpec } from '../../src/fluent/index.ts';
import { FaultProxy } from '../../testbed/fault-proxy.ts';
import type { OperatorLaunch, OperatorProcess } from '../../testbed/operator-process.ts';
import { waitFor } from '../../testbed/wait.ts';
import type { Environment } from '../e2e/support/environment.ts';
import { fetchMetricSum } from '../e2e/support/metrics.ts';
import { applySpec, fetchResource, MESH_NAME, MESH_NAMESPACE, waitForCondition } from '../e2e/support/resource.ts';

const PATIENCE_MS = 180_000;

/** An operator and its way to the API server. */
export interface Replica {
  operator: OperatorProcess;
  proxy: FaultProxy;
}

/** Starts a replica whose requests go through a proxy. */
export async function startReplica(
  environment: Environment,
  name: string,
  more: Pick<OperatorLaunch, 'webhookUrl' | 'flags'> = {},
): Promise<Replica> {
  const proxy = await FaultProxy.start(environment.operatorKubeconfig);
  const kubeconfig = await proxy.writeKubeconfig(join(environment.folder, `${name}.kubeconfig`));
  const operator = await environment.startOperator(name, { kubeconfig, ...more });
  return { operator, proxy };
}

/** Ends replicas, as far as they have not ended yet, and their proxies. */
export async function stopReplicas(replicas: readonly Replica[]): Promise<void> {
  await Promise.all(
    replicas.map(async ({ operator, proxy }) => {
      if (!operator.exit) await operator.stop();
      await proxy.stop();
    }),
  );
}

export async function isLeading({ operator }: Replica): Promise<boolean> {
  return (await fetchMetricSum(operator, 'sailwright_leader').catch(() => 0)) === 1;
}

/** The one that leads, and the others. */
export async function waitForLeader(replicas: readonly Replica[]): Promise<{ leader: Replica; standby: Replica[] }> {
  const alive = replicas.filter(({ operator }) => operator.exit === undefined);
  const leader = await waitFor(
    'a leader',
    async () => {
      const leads = await Promise.all(alive.map(isLeading));
      return alive.find((_, index) => leads[index]);
    },
    { timeoutMs: 60_000 },
  );
  return { leader, standby: alive.filter((replica) => replica !== leader) };
}

/** The spec of the n-th change: each needs a write that can be seen. */
export function specOf(change: number): IstioOperatorSpec {
  const hpaSpec = { minReplicas: 1 + (change % 3), maxReplicas: 5 };
  return { profile: 'default', components: { pilot: { k8s: { hpaSpec } } } };
}

/** Applies the n-th change; resolves with the milliseconds until it is applied and Ready. */
export async function measureChange(change: number): Promise<number> {
  const began = performance.now();
  await applySpec(specOf(change));
  await waitForCondition('Ready', PATIENCE_MS);
  return performance.now() - began;
}

/** Deletes the resource; resolves with the milliseconds until it is gone. */
export async function measureDeletion({ kubectl }: Environment): Promise<number> {
  const began = performance.now();
  await kubectl(['delete', 'iop', MESH_NAME, '-n', MESH_NAMESPACE, '--wait=false']);
  await waitForRest();
  return performance.now() - began;
}

/** Waits until the resource is gone, or Ready for what it asks now. */
export async function waitForRest(): Promise<void> {
  const resource = await fetchResource();
  if (resource && !resource.metadata?.deletionTimestamp) await waitForCondition('Ready', PATIENCE_MS);
  else await waitFor('the resource to be gone', async () => !(await fetchResource()), { timeoutMs: PATIENCE_MS });
}

export function displaySeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** One line of the table that a scenario prints. */
export interface Row {
  what: string;
  ms: number;
  note?: string;
}

/** Prints each row as soon as it is measured, so that what comes before a failure is known, and the longest at last. */
export class Table {
  #longest = 0;

  constructor(title: string) {
    console.log(`\n${title}`);
  }

  add(row: Row): void {
    this.#longest = Math.max(this.#longest, row.ms);
    this.#print(row);
  }

  end(): void {
    this.#print({ what: 'longest', ms: this.#longest });
  }

  #print({ what, ms, note }: Row): void {
    const cells = [what.padEnd(64), displaySeconds(ms).padStart(9), ...(note === undefined ? [] : [note])];
    console.log(`  ${cells.join(' ')}`);
  }
}

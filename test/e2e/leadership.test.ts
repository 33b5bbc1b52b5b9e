// Two operators: one leads; when it goes, the other takes over what happened meanwhile.
import { K8s, kind } from 'kubernetes-fluent-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OperatorProcess } from '../../testbed/operator-process.ts';
import { waitFor } from '../../testbed/wait.ts';
import { Environment } from './support/environment.ts';
import { LEASE } from './support/names.ts';
import { applySample, applySpec, MESH_NAMESPACE, waitForCondition } from './support/resource.ts';

let environment: Environment;
let replicas: OperatorProcess[] = [];
const gaps: { how: string; ms: number }[] = [];

beforeAll(async () => {
  environment = await Environment.start();
  replicas = await Promise.all(['replica-1', 'replica-2'].map((name) => environment.startOperator(name)));
});
afterAll(async () => {
  const longest = gaps.reduce((worst, gap) => (gap.ms > worst.ms ? gap : worst), { how: 'none', ms: 0 });
  console.log(`hand-over: ${gaps.map(({ how, ms }) => `${how} ${ms} ms`).join(', ')}; longest ${longest.ms} ms`);
  await environment.stop();
});

async function fetchLeader(): Promise<OperatorProcess | undefined> {
  const args = ['get', 'lease', LEASE.name, '-n', LEASE.namespace, '-o', 'jsonpath={.spec.holderIdentity}'];
  const holder = await environment.kubectl(args);
  return replicas.find((replica) => replica.exit === undefined && holder.includes(replica.name));
}

async function fetchMinReplicas(): Promise<number | undefined> {
  return (await K8s(kind.HorizontalPodAutoscaler).InNamespace(MESH_NAMESPACE).Get('istiod')).spec?.minReplicas;
}

describe('two operator processes', () => {
  it('install together, led by one', async () => {
    await applySample('default');
    await waitForCondition('Ready');
    expect(await fetchLeader()).toBeDefined();
  });

  it.each([
    { how: 'SIGTERM', minReplicas: 2 },
    { how: 'kill -9', minReplicas: 3 },
    { how: 'kill -9 again', minReplicas: 2 },
  ])('hand over on $how, and apply a change made meanwhile', async ({ how, minReplicas }) => {
    const leader = await waitFor('a leader', fetchLeader);
    await (how === 'SIGTERM' ? leader.stop() : leader.kill());
    const began = performance.now();
    const hpaSpec = { minReplicas, maxReplicas: 5 };
    await applySpec({ profile: 'default', components: { pilot: { k8s: { hpaSpec } } } });
    await waitFor('the change to be applied', async () => (await fetchMinReplicas()) === minReplicas, {
      timeoutMs: 60_000,
    });
    gaps.push({ how, ms: Math.round(performance.now() - began) });
    await waitForCondition('Ready');
    const name = `replica-${replicas.length + 1}`;
    replicas.push(await environment.startOperator(name));
  });
});

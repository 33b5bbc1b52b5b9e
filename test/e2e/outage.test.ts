// The API server goes away and comes back: the operator waits, prunes nothing, and goes on.
import { K8s, kind } from 'kubernetes-fluent-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OperatorProcess } from '../../testbed/operator-process.ts';
import { pause, waitFor } from '../../testbed/wait.ts';
import { Environment } from './support/environment.ts';
import { applySample, applySpec, MESH_NAMESPACE, waitForCondition } from './support/resource.ts';

/** How long the API server is away: several retries of a watch. */
const OUTAGE_MS = 4_000;
const isForeignCluster = Boolean(process.env['KUBECONFIG']);

describe.skipIf(isForeignCluster)('an outage of the API server', () => {
  let environment: Environment;
  let operator: OperatorProcess;
  beforeAll(async () => {
    environment = await Environment.start();
    operator = await environment.startOperator('operator');
    await applySample('default');
    await waitForCondition('Ready');
  });
  afterAll(() => environment.stop());

  const fetchUids = async (): Promise<(string | undefined)[]> => {
    const { items } = await K8s(kind.Deployment).InNamespace(MESH_NAMESPACE).Get();
    return items.map(({ metadata }) => `${metadata?.name} ${metadata?.uid}`).sort();
  };

  it('is waited out, and the work goes on after it', async () => {
    const { embedded } = environment.cluster;
    const before = await fetchUids();
    await embedded?.kill('kube-apiserver');
    await pause(OUTAGE_MS);
    expect(operator.exit).toBeUndefined();
    await embedded?.restart('kube-apiserver');
    const began = performance.now();
    const hpaSpec = { minReplicas: 2, maxReplicas: 5 };
    await applySpec({ profile: 'default', components: { pilot: { k8s: { hpaSpec } } } });
    await waitFor(
      'a change made after the outage to be applied',
      async () =>
        (await K8s(kind.HorizontalPodAutoscaler).InNamespace(MESH_NAMESPACE).Get('istiod')).spec?.minReplicas === 2,
      { timeoutMs: 60_000 },
    );
    console.log(
      `outage of ${OUTAGE_MS} ms: a change was applied ${Math.round(performance.now() - began)} ms after its end`,
    );
    await waitForCondition('Ready');
    expect(await fetchUids()).toEqual(before);
    expect(operator.exit).toBeUndefined();
  });
});

// The operator as it ships: config/default as it is, two pods on two nodes from the image that `npm run image` builds.
import { beforeAll, expect, it } from 'vitest';

import type { Kubectl } from '../../../testbed/kubectl.ts';
import { OPERATOR_NAMESPACE as NAMESPACE } from '../../../testbed/operator-process.ts';
import { PATIENT_KUBECTL, PATIENTLY, waitFor } from '../../../testbed/wait.ts';
import { fetchLeader, fetchOperators } from '../support/operators.ts';
import type { Pod } from '../../../testbed/mesh/pods.ts';
import type { RealEnvironment } from '../../../testbed/mesh/real-cluster.ts';

const MESH = (spec: unknown): string =>
  JSON.stringify({
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    metadata: { name: 'istio', namespace: 'istio-system' },
    spec,
  });

/** The operator by itself, before it has a mesh. */
export function operatorCases(here: () => RealEnvironment): void {
  let kubectl: Kubectl;
  const operators = (): Promise<Pod[]> => fetchOperators(kubectl);

  /** The admission's verdict of a resource that is never stored. */
  const tryOut = (spec: unknown): Promise<string> =>
    kubectl(['apply', '--server-side', '--dry-run=server', '-f', '-'], MESH(spec)).then(
      () => 'admitted',
      (error: Error) => error.message,
    );

  beforeAll(() => {
    ({ kubectl } = here());
  });

  it('runs two replicas on two nodes, within probes and limits, as the most restricted pods there are', async () => {
    const pods = await operators();
    expect(new Set(pods.map(({ spec }) => spec.nodeName)).size).toBe(2);
    expect(pods.flatMap(({ status }) => status.containerStatuses?.map(({ restartCount }) => restartCount))).toEqual([
      0, 0,
    ]);
    const privileged = { hostNetwork: true, containers: [{ name: 'c', image: 'testbed.local/pause:1' }] };
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'free', namespace: NAMESPACE }, spec: privileged };
    await expect(kubectl(['apply', '-f', '-'], JSON.stringify(pod))).rejects.toThrow(
      /violates PodSecurity "restricted/,
    );
    const policies = await kubectl(['-n', NAMESPACE, 'get', 'networkpolicies', '-o', 'name']);
    expect(policies.trim()).toBe('networkpolicy.networking.k8s.io/sailwright');
  });

  it('judges through its Service', async () => {
    await operators();
    await waitFor('a good resource to be admitted', async () => (await tryOut({ profile: 'minimal' })) === 'admitted');
    expect(await tryOut({ profile: 'no-such-profile' })).toMatch(/denied the request: .*no-such-profile/s);
  });

  it('installs Istio’s definitions and says why no istiod starts', async () => {
    await kubectl(['apply', '-f', '-'], MESH({ profile: 'minimal', tag: '1.31.0-missing' }));
    const told = await waitFor(
      'the status to name the image',
      async () => {
        const text = await kubectl(['-n', 'istio-system', 'get', 'iop', 'istio', '-o', 'json']);
        return text.includes('1.31.0-missing') && /ErrImage|ImagePull/.test(text) && text;
      },
      PATIENTLY,
    );
    expect(told).toMatch(/istiod-\w+-\w+/);
  });

  it('judges on, without a call that fails, while its leader is killed and both pods are replaced', async () => {
    const [{ pod: leader }, pods] = [await fetchLeader(kubectl), await operators()];
    expect(pods.map(({ metadata }) => metadata.name)).toContain(leader);
    let calls = 0;
    const failures: string[] = [];
    let done = false;
    const caller = (async () => {
      while (!done) {
        const said = await tryOut({ profile: 'no-such-profile' });
        calls += 1;
        if (!said.includes('denied the request')) failures.push(said);
      }
    })();
    await kubectl(['-n', NAMESPACE, 'delete', 'pod', leader]);
    await waitFor('another leader', async () => (await fetchLeader(kubectl)).pod !== leader, PATIENTLY);
    const former = (await operators()).map(({ metadata }) => `pod/${metadata.name}`);
    await kubectl(['-n', NAMESPACE, 'rollout', 'restart', 'deployment/sailwright']);
    await kubectl(['-n', NAMESPACE, 'rollout', 'status', 'deployment/sailwright', PATIENT_KUBECTL]);
    // A roll-out counts as done before the last of the former pods has closed the connections that it had.
    await kubectl(['-n', NAMESPACE, 'wait', '--for=delete', PATIENT_KUBECTL, ...former]);
    done = true;
    await caller;
    console.log(`${calls} calls during a failover and a rollout, ${failures.length} failed`);
    expect(failures).toEqual([]);
    expect(calls).toBeGreaterThan(10);
  });
}

// The mesh is changed under load: nobody who sends requests may notice.
import { beforeAll, expect, it } from 'vitest';

import { ISTIO_1_31 } from '../../../src/core/istio/v1-31/index.ts';
import type { Kubectl } from '../../../testbed/kubectl.ts';
import { applyMesh, MESH, OTHER_TAG, waitForMesh } from '../../../testbed/mesh/mesh.ts';
import { deploy, run } from '../../../testbed/mesh/workloads.ts';
import { PATIENTLY, waitFor } from '../../../testbed/wait.ts';
import { CertificateRotation } from '../support/certificate-rotation.ts';
import { callDuring, type CallTally } from '../support/constant-calls.ts';
import { killContainer } from '../support/kill-container.ts';
import { fetchLeader, fetchOperators } from '../support/operators.ts';
import { expectNoFailures, type Shop } from '../support/shop.ts';

const COMPONENTS = ['istiod', 'istio-ingressgateway'];

/** Changes of the mesh and of the operator's certificate. */
export function changeCases(shop: () => Shop): void {
  let kubectl: Kubectl;

  beforeAll(() => {
    ({ kubectl } = shop());
  });

  /** Until a component has two pods, and none of those of before. */
  const waitForOthers = (component: string, before: readonly string[]): Promise<unknown> =>
    waitFor(
      'other pods only',
      async () => {
        const now = await shop().fetchNames(component);
        return now.length >= 2 && now.every((name) => !before.includes(name));
      },
      PATIENTLY,
    );

  it('Istio is upgraded, its gateways too, and who leads is killed in the middle of it', async () => {
    const before = await Promise.all(COMPONENTS.map((component) => shop().fetchNames(component)));
    const runsTag = async (tag: string): Promise<boolean> => {
      const path = 'jsonpath={.items[*].spec.containers[*].image}';
      return (await kubectl(['-n', 'istio-system', 'get', 'pods', '-o', path])).includes(`:${tag}`);
    };
    const upgrade = async (): Promise<void> => {
      await applyMesh(kubectl, { ...MESH, tag: ISTIO_1_31.defaultTag });
      await waitFor('the first pod of the new version', () => runsTag(ISTIO_1_31.defaultTag), PATIENTLY);
      expect(await runsTag(OTHER_TAG)).toBe(true);
      // Somebody leads by now, and is no former pod that the lease still names.
      const { pod: leader, holder } = await fetchLeader(kubectl);
      const operators = await fetchOperators(kubectl);
      await killContainer(
        operators.find(({ metadata }) => metadata.name === leader)!,
        'operator',
      );
      await waitFor('another to lead', async () => (await fetchLeader(kubectl)).holder !== holder, PATIENTLY);
      for (const [index, component] of COMPONENTS.entries()) await waitForOthers(component, before[index] ?? []);
      await waitFor('the old version to be gone', async () => !(await runsTag(OTHER_TAG)), PATIENTLY);
      await waitForMesh(kubectl);
    };
    const calls = await callDuring(shop().admin, async () => {
      expectNoFailures(await shop().countDuring('Istio upgraded and the leader killed', upgrade));
    });
    console.log(`what the API server answered meanwhile: ${JSON.stringify(calls)}`);
    // Until the kubelet sees that the process is gone, the API server may call it, in vain. Nothing gets past that.
    const unjudged = Object.keys(calls.unexpected).filter((answer) => !answer.includes('failed calling webhook'));
    expect(unjudged).toEqual([]);
    expect(calls.inOrder).toBeGreaterThan(calls.calls / 2);
    await fetchOperators(kubectl);
  });

  it('the certificate of the webhooks is rotated, twice', async () => {
    const rotation = new CertificateRotation(shop().admin);
    const lookAtOperators = async (): Promise<string[]> => {
      const pods = await fetchOperators(kubectl);
      const looks = pods.map(({ status }) =>
        run(kubectl, shop().outsider, 'look', `-address=${status.podIP}:9443`, '-protocol=h2'),
      );
      return (await Promise.all(looks)).map((text) => (JSON.parse(text) as { issuer: string }).issuer);
    };
    const before = await lookAtOperators();
    expect(new Set(before).size).toBe(1);
    const rotate = async (tally: CallTally): Promise<void> => {
      await rotation.prepareShortLived();
      await rotation.promote();
      const [newcomer] = await deploy(kubectl, { namespace: 'shop', name: 'newcomer' });
      expect(JSON.stringify(newcomer?.spec)).toContain('"istio-proxy"');
      // What was served for a moment is due for renewal, so the operator goes through all of it once more by itself.
      const issuer = await rotation.promote();
      expect(before).not.toContain(issuer);
      await waitFor('both to serve it', async () => (await lookAtOperators()).every((one) => one === issuer));
      await rotation.retire();
      const enough = tally.calls + 40;
      await waitFor('calls by the new certificate alone', () => tally.calls >= enough);
    };
    const calls = await callDuring(shop().admin, async (tally) => {
      expectNoFailures(await shop().countDuring('the certificate rotated', () => rotate(tally)));
    });
    console.log(`what the API server answered meanwhile: ${JSON.stringify(calls)}`);
    expect(calls.unexpected).toEqual({});
  });
}

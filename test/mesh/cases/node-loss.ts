// A node is lost under load: with what docs/guides/availability.md tells to set, nobody who sends requests notices.
import { beforeAll, expect, it } from 'vitest';

import type { Kubectl } from '../../../testbed/kubectl.ts';
import { waitForMesh } from '../../../testbed/mesh/mesh.ts';
import { fetchPods } from '../../../testbed/mesh/pods.ts';
import { apply, send } from '../../../testbed/mesh/workloads.ts';
import { PATIENTLY, waitFor } from '../../../testbed/wait.ts';
import { secondTriesFor } from '../support/second-tries.ts';
import { BACKEND, expectNoFailures, type Shop } from '../support/shop.ts';
import { waitForTold } from '../support/told.ts';

/** The loss of a node. Requests are tried twice from then on, so it comes after all that must do without. */
export function nodeLossCases(shop: () => Shop): void {
  let kubectl: Kubectl;

  beforeAll(() => {
    ({ kubectl } = shop());
  });

  it('a node is killed, and comes back', async () => {
    const [survivor, lost] = shop().environment.cluster.nodes;
    for (const [namespace, app] of [
      ['shop', 'backend'],
      ['istio-system', 'istio-ingressgateway'],
    ] as const) {
      await waitFor(`${app} to be on both nodes`, async () => {
        const placed = await fetchPods(kubectl, namespace, `app=${app}`);
        return [survivor, lost].every((node) => placed.some(({ spec }) => spec.nodeName === node?.name));
      });
    }
    const readiness = (): Promise<string> =>
      kubectl(['get', 'node', lost?.name ?? '', '-o', 'jsonpath={.status.conditions[?(@.type=="Ready")].status}']);
    const waitForBoth = (): Promise<unknown> =>
      waitFor(
        'both to answer',
        async () => {
          const tally = await send(kubectl, shop().client, `-url=${BACKEND}`, '-count=20');
          if (Object.keys(tally.pods).length === 2) return tally;
          throw new Error(JSON.stringify(tally));
        },
        PATIENTLY,
      );
    const ours = await fetchPods(kubectl, 'istio-system', 'app in (istiod,istio-ingressgateway)');
    const stranded = ours.find(({ spec }) => spec.nodeName === lost?.name)?.metadata.name ?? 'none of ours';
    const component = stranded.startsWith('istiod') ? 'Pilot' : 'IngressGateways';
    await apply(kubectl, ...secondTriesFor('shop', 'backend'));
    await waitForBoth();
    const act = async (): Promise<void> => {
      await lost?.kill();
      await waitFor('the node to be missed', async () => (await readiness()) !== 'True', PATIENTLY);
      await waitForTold(kubectl, component, new RegExp(`pod ${stranded}[^;]*: NodeNotReady \\(node ${lost?.name}, `));
      await lost?.restart();
      await waitFor('the node to be back', async () => (await readiness()) === 'True', PATIENTLY);
      await waitForBoth();
    };
    const [inside, outside] = await shop().countDuring('a node killed and back', act, 'balancer');
    console.log(
      `the slowest took ${inside.slowestMs} ms inside, ${outside.slowestMs} ms by the gateway, ` +
        `where ${outside.retried} were sent again`,
    );
    expectNoFailures([inside, outside]);
    expect(Object.keys(inside.pods)).toHaveLength(2);
    await waitForMesh(kubectl);
    expectNoFailures(
      await shop().countDuring('afterwards', () => send(kubectl, shop().client, `-url=${BACKEND}`, '-for=3s')),
    );
  });
}

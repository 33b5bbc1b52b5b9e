// A second control plane beside the first: namespaces move to it one at a time while requests go on.
import { afterAll, beforeAll, expect, it } from 'vitest';

import { ISTIO_1_31 } from '../../../src/core/istio/v1-31/index.ts';
import type { Kubectl } from '../../../testbed/kubectl.ts';
import { PATIENT_KUBECTL, waitFor } from '../../../testbed/wait.ts';
import { startLoad } from '../../../testbed/mesh/constant-load.ts';
import { installMesh, OTHER_TAG } from '../../../testbed/mesh/mesh.ts';
import { fetchPods, waitForPods, type Pod } from '../../../testbed/mesh/pods.ts';
import type { RealEnvironment } from '../../../testbed/mesh/real-cluster.ts';
import { createNamespace, deleteNamespaces, deploy, send } from '../../../testbed/mesh/workloads.ts';

const REVISIONS = { a: OTHER_TAG, b: ISTIO_1_31.defaultTag };
const SHOPS = ['one', 'two'];
const RATE = '-rate=100';

/** Revisions a and b, which namespaces `one` and `two` move between. */
export function revisionCases(here: () => RealEnvironment): void {
  let kubectl: Kubectl;
  let client: Pod;

  const install = (revision: 'a' | 'b'): Promise<void> =>
    installMesh(kubectl, { profile: 'minimal', revision, tag: REVISIONS[revision] }, `istio-${revision}`);

  beforeAll(async () => {
    ({ kubectl } = here());
    await install('a');
    const namespaces = ['office', ...SHOPS];
    await Promise.all(namespaces.map((name) => createNamespace(kubectl, name, { 'istio.io/rev': 'a' })));
    const shops = SHOPS.map((namespace) =>
      deploy(kubectl, { namespace, name: 'backend', replicas: 2, drainSeconds: 5 }),
    );
    [client] = (await deploy(kubectl, { namespace: 'office', name: 'client' })) as [Pod];
    await Promise.all(shops);
    await Promise.all(SHOPS.map((shop) => waitFor(`answers of ${shop}`, () => answers(shop))));
  });
  afterAll(() => deleteNamespaces(kubectl, 'office', ...SHOPS));

  const answers = async (shop: string): Promise<boolean> =>
    (await send(kubectl, client, `-url=${urlOf(shop)}`, '-count=20')).statuses['200'] === 20;

  /** Tags of the proxies in a namespace. */
  async function fetchProxyTags(namespace: string): Promise<(string | undefined)[]> {
    const pods = await fetchPods(kubectl, namespace, 'app');
    return pods.map(({ spec }) => {
      const proxy = [...(spec.initContainers ?? []), ...spec.containers].find(({ name }) => name === 'istio-proxy');
      return proxy?.image.split(':').at(-1);
    });
  }

  async function move(namespace: string, deployment: string): Promise<void> {
    await kubectl(['label', 'namespace', namespace, 'istio.io/rev=b', '--overwrite']);
    await kubectl(['-n', namespace, 'rollout', 'restart', `deployment/${deployment}`]);
    await kubectl(['-n', namespace, 'rollout', 'status', `deployment/${deployment}`, PATIENT_KUBECTL]);
  }

  /** Requests to each of the shops while something is done: all must be answered, and by mTLS. */
  async function expectNoFailures(what: string, act: () => Promise<unknown>): Promise<void> {
    const loads = SHOPS.map((shop) => startLoad(here(), client, `-url=${urlOf(shop)}`, RATE));
    await act();
    const tallies = await Promise.all(loads.map((load) => load.stop()));
    console.log(`${what}: ${tallies.map(({ requests, failed }) => `${failed} of ${requests} failed`).join(', ')}`);
    for (const tally of tallies) {
      expect(tally.requests).toBeGreaterThan(100);
      expect(tally.errors).toEqual({});
      expect(tally.statuses).toEqual({ 200: tally.requests });
      expect(tally.identities).toEqual({ 'spiffe://cluster.local/ns/office/sa/client': tally.requests });
    }
  }

  it('the second comes beside the first', async () => {
    await expectNoFailures('revision b installed', () => install('b'));
    expect(await fetchProxyTags('one')).toEqual([REVISIONS.a, REVISIONS.a]);
  });

  it.each(SHOPS)('namespace %s moves to the second', async (shop) => {
    await expectNoFailures(`namespace ${shop} moved`, () => move(shop, 'backend'));
    await waitForPods(kubectl, shop, { selector: 'app', count: 2 });
    expect(await fetchProxyTags(shop)).toEqual([REVISIONS.b, REVISIONS.b]);
  });

  it('the first goes, once nobody needs it', async () => {
    await move('office', 'client');
    [client] = (await waitForPods(kubectl, 'office', { selector: 'app', count: 1 })) as [Pod];
    const remove = ['-n', 'istio-system', 'delete', 'istiooperator', 'istio-a', PATIENT_KUBECTL];
    await expectNoFailures('revision a removed', () => kubectl(remove));
    expect(await fetchPods(kubectl, 'istio-system', 'app=istiod,istio.io/rev=a')).toEqual([]);
    expect(await fetchPods(kubectl, 'istio-system', 'app=istiod,istio.io/rev=b')).toHaveLength(1);
  });
}

function urlOf(shop: string): string {
  return `http://backend.${shop}:8080/`;
}

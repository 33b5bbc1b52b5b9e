// Proxies are renewed in waves under load; an image that cannot be pulled stops the second wave, and all goes back.
import { afterAll, beforeAll, expect, it } from 'vitest';

import type { ProxyRolloutStatus } from '../../../src/api/rollout/proxy-rollout.ts';
import { ISTIO_1_31 } from '../../../src/core/istio/v1-31/index.ts';
import type { Kubectl } from '../../../testbed/kubectl.ts';
import { PATIENTLY, waitFor } from '../../../testbed/wait.ts';
import { startLoad } from '../../../testbed/mesh/constant-load.ts';
import { applyMesh, installMesh, OTHER_TAG, waitForMesh } from '../../../testbed/mesh/mesh.ts';
import { fetchPods, type Pod } from '../../../testbed/mesh/pods.ts';
import type { RealEnvironment } from '../../../testbed/mesh/real-cluster.ts';
import { apply, createNamespace, deleteNamespaces, deploy, send } from '../../../testbed/mesh/workloads.ts';

/** One for each wave; the last is never reached. */
const SHOPS = ['first', 'second', 'third'];
const TAG = 'shops';
const TAGS = { before: OTHER_TAG, after: ISTIO_1_31.defaultTag };
/** Nothing listens there. */
const BROKEN_IMAGE = '127.0.0.1:1/proxyv2:broken';
const ROLLOUT = { namespace: 'istio-system', name: 'to-after' };

export function proxyRolloutCases(here: () => RealEnvironment): void {
  let kubectl: Kubectl;
  let client: Pod;

  const specOf = (revision: 'before' | 'after', hasTag: boolean, proxy: object = {}): Record<string, unknown> => ({
    profile: 'minimal',
    revision,
    tag: TAGS[revision],
    values: { revisionTags: hasTag ? [TAG] : [], global: { proxy } },
  });
  const answers = async (shop: string): Promise<boolean> =>
    (await send(kubectl, client, `-url=${urlOf(shop)}`, '-count=20')).statuses['200'] === 20;

  beforeAll(async () => {
    ({ kubectl } = here());
    await Promise.all([
      installMesh(kubectl, specOf('before', true), 'istio-before'),
      installMesh(kubectl, specOf('after', false), 'istio-after'),
    ]);
    await createNamespace(kubectl, 'market', { 'istio.io/rev': 'before' });
    await Promise.all(SHOPS.map((name) => createNamespace(kubectl, name, { 'istio.io/rev': TAG, role: 'shop' })));
    const shops = SHOPS.map((namespace) => deploy(kubectl, { namespace, name: 'backend', drainSeconds: 5 }));
    [client] = (await deploy(kubectl, { namespace: 'market', name: 'client' })) as [Pod];
    await Promise.all(shops);
    await Promise.all(SHOPS.map((shop) => waitFor(`answers of ${shop}`, () => answers(shop))));
    // The new one first: the tag is never nowhere.
    await applyMesh(kubectl, specOf('after', true), 'istio-after');
    await applyMesh(kubectl, specOf('before', false), 'istio-before');
    await waitFor('the tag to lead to the new revision', async () => (await fetchTagTarget()) === 'after');
  });
  afterAll(async () => {
    await kubectl(['-n', ROLLOUT.namespace, 'delete', 'proxyrollout', ROLLOUT.name, '--ignore-not-found']);
    await deleteNamespaces(kubectl, 'market', ...SHOPS);
  });

  async function fetchTagTarget(): Promise<string> {
    return kubectl([
      ...['get', 'mutatingwebhookconfiguration', `istio-revision-tag-${TAG}`],
      ...['-o', 'jsonpath={.metadata.labels.istio\\.io/rev}'],
    ]);
  }

  async function fetchStatus(): Promise<ProxyRolloutStatus> {
    const text = await kubectl(['-n', ROLLOUT.namespace, 'get', 'proxyrollout', ROLLOUT.name, '-o', 'json']);
    return (JSON.parse(text) as { status?: ProxyRolloutStatus }).status ?? {};
  }

  async function waitForStatus(
    what: string,
    test: (status: ProxyRolloutStatus) => boolean,
  ): Promise<ProxyRolloutStatus> {
    let last: ProxyRolloutStatus = {};
    const read = async (): Promise<ProxyRolloutStatus | undefined> => {
      last = await fetchStatus();
      return test(last) ? last : undefined;
    };
    return waitFor(what, read, PATIENTLY).catch((error: unknown) => {
      throw new Error(`${String(error)}: ${JSON.stringify(last)}`, { cause: error });
    });
  }

  /** Tag of the proxies in a shop. */
  async function fetchProxyTags(shop: string): Promise<(string | undefined)[]> {
    const pods = await fetchPods(kubectl, shop, 'app');
    return pods.map(({ spec }) => {
      const proxy = [...(spec.initContainers ?? []), ...spec.containers].find(({ name }) => name === 'istio-proxy');
      return proxy?.image.split(':').at(-1);
    });
  }

  it('a bad proxy image stops the second wave, and what was touched goes back', async () => {
    const began = performance.now();
    const seconds = (): string => ((performance.now() - began) / 1_000).toFixed(1);
    const loads = SHOPS.map((shop) => startLoad(here(), client, `-url=${urlOf(shop)}`, '-rate=100'));
    const waves = SHOPS.map((name, index) => ({ name, namespaces: [name], soak: '2s', approval: index === 1 }));
    await apply(kubectl, {
      apiVersion: 'sailwright.dev/v1alpha1',
      kind: 'ProxyRollout',
      metadata: ROLLOUT,
      spec: { target: { tag: TAG }, namespaces: { matchLabels: { role: 'shop' } }, waves, onFailure: 'Rollback' },
    });
    await waitForStatus('the second wave to wait for a person', ({ step, conditions = [] }) => {
      return step === 1 && conditions.some(({ reason }) => reason === 'ApprovalRequired');
    });
    console.log(`first wave renewed after ${seconds()} s`);
    expect(await fetchProxyTags('first')).toEqual([TAGS.after]);
    await applyMesh(kubectl, specOf('after', true, { image: BROKEN_IMAGE }), 'istio-after');
    await waitFor('injection to use the image', async () => {
      const config = ['-n', 'istio-system', 'get', 'configmap', 'istio-sidecar-injector-after', '-o', 'yaml'];
      return (await kubectl(config)).includes(BROKEN_IMAGE);
    });
    await waitForMesh(kubectl, 'istio-after');
    const approve = ['annotate', 'proxyrollout', ROLLOUT.name, `sailwright.dev/approve=second`];
    await kubectl(['-n', ROLLOUT.namespace, ...approve]);
    const stopped = await waitForStatus('the second wave to fail', ({ cause }) => cause !== undefined);
    console.log(`second wave stopped after ${seconds()} s: ${stopped.cause?.message}`);
    expect(stopped).toMatchObject({ step: 1, cause: { reason: 'GateFailed' } });
    await waitForStatus('the way back to end', ({ phase }) => phase === 'RolledBack');
    const tallies = await Promise.all(loads.map((load) => load.stop()));
    console.log(
      `back after ${seconds()} s: ${tallies.map(({ requests, failed }) => `${failed} of ${requests} failed`).join(', ')}`,
    );
    expect(await fetchTagTarget()).toBe('before');
    for (const shop of SHOPS) expect(await fetchProxyTags(shop)).toEqual([TAGS.before]);
    for (const tally of tallies) {
      expect(tally.requests).toBeGreaterThan(250);
      expect(tally.errors).toEqual({});
      expect(tally.statuses).toEqual({ 200: tally.requests });
    }
    const touched = await kubectl(['get', 'deployments', '-A', '-o', 'json']);
    const { items } = JSON.parse(touched) as { items: { metadata: { namespace: string; annotations?: object } }[] };
    const renewed = items.filter(({ metadata }) => 'sailwright.dev/proxies-renewed' in (metadata.annotations ?? {}));
    expect(renewed.map(({ metadata }) => metadata.namespace).sort()).toEqual(['first', 'second']);
  });
}

function urlOf(shop: string): string {
  return `http://backend.${shop}:8080/`;
}

// Traffic that the operator shifts by what a real Prometheus says, while clients count what they get.
import { afterAll, beforeAll, expect, it } from 'vitest';

import type { Kubectl } from '../../../testbed/kubectl.ts';
import { startLoad } from '../../../testbed/mesh/constant-load.ts';
import type { Pod } from '../../../testbed/mesh/pods.ts';
import type { RealEnvironment } from '../../../testbed/mesh/real-cluster.ts';
import { apply, createNamespace, deleteNamespaces, deployAll, run, send } from '../../../testbed/mesh/workloads.ts';
import { PATIENTLY, waitFor } from '../../../testbed/wait.ts';
import { monitor, withStats } from '../support/monitoring.ts';
import { installSharedMesh } from '../support/shared-mesh.ts';

/** Where Prometheus has to look. */
export const SHIFT_NAMESPACE = 'shift';
const URL = '-url=http://reviews.shift:8080/';
/** Upstream's Envoy counts no `istio_requests_total`: its own metrics, of the client's proxy, say the same. */
const OF_V2 = 'envoy_cluster_upstream_rq{cluster_name=~"outbound[|]8080[|]v2[|]reviews[.]shift.*"';
const ALL = `sum(rate(${OF_V2},response_code_class=~".+"}[10s]))`;
const FAILED = `sum(rate(${OF_V2},response_code_class="5xx"}[10s]))`;
const ERRORS = {
  name: 'errors',
  query: `100 * (${FAILED} or vector(0)) / ${ALL}`,
  max: 2,
  traffic: ALL,
  minTraffic: 2,
};

/** Shifts in namespace `shift`. */
export function shiftCases(here: () => RealEnvironment): void {
  let kubectl: Kubectl;
  let client: Pod;
  let canary: Pod;

  beforeAll(async () => {
    ({ kubectl } = here());
    await installSharedMesh(here());
    await createNamespace(kubectl, SHIFT_NAMESPACE, { 'istio-injection': 'enabled' });
    const annotations = withStats('cluster.outbound');
    const one = { namespace: SHIFT_NAMESPACE, name: 'reviews' };
    const pods = await deployAll(
      kubectl,
      { namespace: SHIFT_NAMESPACE, name: 'client', annotations },
      { ...one, version: 'v1' },
      { ...one, version: 'v2' },
    );
    [[client], , [canary]] = pods as [[Pod], Pod[], [Pod]];
    await monitor(kubectl, SHIFT_NAMESPACE, 'client');
    const subsets = ['v1', 'v2'].map((version) => ({ name: version, labels: { version } }));
    const route = [
      { destination: { host: 'reviews', subset: 'v1' }, weight: 100 },
      { destination: { host: 'reviews', subset: 'v2' }, weight: 0 },
    ];
    const metadata = { namespace: SHIFT_NAMESPACE, name: 'reviews' };
    const apiVersion = 'networking.istio.io/v1';
    await apply(
      kubectl,
      { apiVersion, kind: 'DestinationRule', metadata, spec: { host: 'reviews', subsets } },
      { apiVersion, kind: 'VirtualService', metadata, spec: { hosts: ['reviews'], http: [{ route }] } },
    );
  });
  afterAll(() => deleteNamespaces(kubectl, SHIFT_NAMESPACE));

  const shift = (name: string, soaks: readonly string[]): Promise<string> =>
    apply(kubectl, {
      apiVersion: 'sailwright.dev/v1alpha1',
      kind: 'TrafficShift',
      metadata: { namespace: SHIFT_NAMESPACE, name },
      spec: {
        route: { name: 'reviews' },
        to: { host: 'reviews', subset: 'v2', workload: 'reviews-v2' },
        steps: [5, 50, 100].map((weight, index) => ({ weight, soak: soaks[index] })),
        metrics: { queries: [ERRORS] },
      },
    });
  const waitForPhase = (name: string, phase: string): Promise<string> =>
    waitFor(
      `${name} to be ${phase}`,
      async () => {
        const status = await kubectl(['-n', SHIFT_NAMESPACE, 'get', 'trafficshift', name, '-o', 'jsonpath={.status}']);
        if ((JSON.parse(status || '{}') as { phase?: string }).phase === phase) return status;
        throw new Error(status);
      },
      PATIENTLY,
    );
  const weights = (): Promise<string> =>
    kubectl([
      ...['-n', SHIFT_NAMESPACE, 'get', 'virtualservice', 'reviews'],
      ...['-o', 'jsonpath={.spec.http[0].route[*].weight}'],
    ]);
  /** One answer of `every` of the new version is an error from now on; none where it is 0. */
  const fail = (every: number): Promise<string> =>
    run(
      kubectl,
      canary,
      'get',
      '-method=POST',
      `-url=http://localhost:8080/fail/${every === 0 ? '0' : `500?every=${every}`}`,
    );

  it('stops at 5 of 100 where the new version fails in 5 of 100 answers, and goes back to none', async () => {
    await fail(20);
    const load = startLoad(here(), client, URL, '-rate=200');
    const began = performance.now();
    await shift('bad', ['60s', '60s', '60s']);
    const status = await waitForPhase('bad', 'RolledBack');
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    const tally = await load.stop();
    const { requests, failed, statuses, names } = tally;
    console.log(
      `a bad version, back after ${seconds} s: ${failed} of ${requests} requests failed, ${names['v2'] ?? 0} reached it`,
    );
    expect(JSON.parse(status)).toMatchObject({ step: 0, weight: 0, cause: { reason: 'GateFailed' } });
    expect(await weights()).toBe('100 0');
    expect((names['v2'] ?? 0) / requests).toBeLessThan(0.08);
    expect(statuses).toEqual({ 200: requests - failed, 500: failed });
    expect(failed / requests).toBeLessThan(0.01);
    await waitFor('the former weights to reach the client', async () => {
      const { names: after } = await send(kubectl, client, URL, '-count=100');
      return after['v1'] === 100;
    });
  });

  it('brings all requests to a new version that is well, and none of them fails', async () => {
    await fail(0);
    const load = startLoad(here(), client, URL, '-rate=200');
    const began = performance.now();
    await shift('good', ['12s', '3s', '3s']);
    await waitForPhase('good', 'Done');
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    const { requests, failed, names } = await load.stop();
    console.log(`a good version, there after ${seconds} s: ${failed} of ${requests} failed, ${JSON.stringify(names)}`);
    expect(failed).toBe(0);
    expect(await weights()).toBe('0 100');
  });
}

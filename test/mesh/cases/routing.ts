// Where requests go, counted by clients: weights, headers, faults, mirrors, ejected endpoints, gateways.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import type { Kubectl } from '../../../testbed/kubectl.ts';
import { PATIENTLY, waitFor } from '../../../testbed/wait.ts';
import { entranceTo } from '../support/entrance.ts';
import { installSharedMesh } from '../support/shared-mesh.ts';
import type { Pod } from '../../../testbed/mesh/pods.ts';
import type { RealEnvironment } from '../../../testbed/mesh/real-cluster.ts';
import {
  apply,
  createNamespace,
  deleteNamespaces,
  deploy,
  deployAll,
  run,
  send,
  type Tally,
} from '../../../testbed/mesh/workloads.ts';

const REVIEWS = 'http://reviews.routes:8080/';

const destination = (version: string, more: object = {}): object => ({
  destination: { host: 'reviews', subset: version },
  ...more,
});

/** Routes of namespace `routes`, by who answers. */
export function routingCases(here: () => RealEnvironment): void {
  let kubectl: Kubectl;
  let client: Pod;
  let second: Pod;

  beforeAll(async () => {
    ({ kubectl } = here());
    await installSharedMesh(here());
    await createNamespace(kubectl, 'routes', { 'istio-injection': 'enabled' });
    // Each node is a zone, and where endpoints can be ejected, requests stay in the client's as long as they can.
    const node = here().cluster.nodes[0]?.name ?? '';
    [[client], , [second]] = (await deployAll(
      kubectl,
      { namespace: 'routes', name: 'client' },
      { namespace: 'routes', name: 'reviews', version: 'v1', node },
      { namespace: 'routes', name: 'reviews', version: 'v2', node },
    )) as [[Pod], Pod[], [Pod]];
    await treat();
  });
  afterAll(() => deleteNamespaces(kubectl, 'routes', 'routes-outside'));

  const treat = (trafficPolicy?: object): Promise<string> =>
    apply(kubectl, {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { namespace: 'routes', name: 'reviews' },
      spec: {
        host: 'reviews',
        subsets: ['v1', 'v2'].map((version) => ({ name: version, labels: { version } })),
        trafficPolicy,
      },
    });
  const route = (...http: object[]): Promise<string> =>
    apply(kubectl, {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { namespace: 'routes', name: 'reviews' },
      spec: { hosts: ['reviews'], http },
    });
  const sendToReviews = (...flags: string[]): Promise<Tally> => send(kubectl, client, `-url=${REVIEWS}`, ...flags);
  /** Settings reach a proxy when they do: asks until a few answers are all as they will be from then on. */
  const settle = (isRight: (tally: Tally) => boolean, ...flags: string[]): Promise<Tally> =>
    waitFor(
      'the routes to reach the client',
      async () => {
        const tally = await sendToReviews('-count=20', ...flags);
        if (isRight(tally)) return tally;
        throw new Error(JSON.stringify(tally));
      },
      PATIENTLY,
    );
  const onlyFrom = (name: string) => (tally: Tally) => tally.names[name] === tally.requests;

  beforeEach(async () => {
    await route({ route: [destination('v1')] });
    await settle(onlyFrom('v1'));
  });

  it('are shared by weight', async () => {
    await route({ route: [destination('v1', { weight: 90 }), destination('v2', { weight: 10 })] });
    await settle((tally) => (tally.names['v2'] ?? 0) > 0);
    const tally = await sendToReviews('-count=1000');
    console.log(`90 to 10 of 1,000: ${JSON.stringify(tally.names)}`);
    expect(tally).toMatchObject({ requests: 1000, failed: 0, statuses: { 200: 1000 } });
    // Six standard deviations of a fair draw.
    expect(tally.names['v2']).toBeGreaterThan(100 - 57);
    expect(tally.names['v2']).toBeLessThan(100 + 57);
  });

  it('follow a header', async () => {
    const match = [{ headers: { 'x-user': { exact: 'tester' } } }];
    await route({ match, route: [destination('v2')] }, { route: [destination('v1')] });
    await settle(onlyFrom('v2'), '-header=x-user=tester');
    expect(onlyFrom('v1')(await sendToReviews('-count=20'))).toBe(true);
  });

  it('fail and wait as often as they are told to', async () => {
    const fault = { abort: { percentage: { value: 40 }, httpStatus: 418 } };
    await route({ fault, route: [destination('v1')] });
    await settle((tally) => (tally.statuses['418'] ?? 0) > 0);
    const aborted = (await sendToReviews('-count=500')).statuses['418'] ?? 0;
    console.log(`40 % aborted of 500: ${aborted}`);
    expect(aborted).toBeGreaterThan(200 - 66);
    expect(aborted).toBeLessThan(200 + 66);
    await route({ fault: { delay: { percentage: { value: 100 }, fixedDelay: '0.3s' } }, route: [destination('v1')] });
    await settle((tally) => tally.medianMs >= 300, '-rate=50');
  });

  it('are mirrored, and the answers of the mirror thrown away', async () => {
    // The mirror's endpoint is asked itself; whether mirrored requests name a host of -shadow is Istio's choice.
    const countMirrored = async (): Promise<number> => {
      const text = await run(kubectl, second, 'get', '-url=http://127.0.0.1:8080/counts');
      return Object.values(JSON.parse(text) as Record<string, number>).reduce((sum, count) => sum + count, 0);
    };
    const untouched = await countMirrored();
    await route({ route: [destination('v1')], mirror: { host: 'reviews', subset: 'v2' } });
    await waitFor('a request to be mirrored', async () => {
      await sendToReviews('-count=1');
      return (await countMirrored()) > untouched;
    });
    const before = await countMirrored();
    const tally = await sendToReviews('-count=100');
    expect(tally.names).toEqual({ v1: 100 });
    await waitFor('all to be mirrored', async () => (await countMirrored()) >= before + 100);
  });

  it('are turned away beyond the limits of a connection pool', async () => {
    // Each takes a tenth of a second, so ten are under way at any time.
    const crowd = [`-url=${REVIEWS}delay/100ms`, '-rate=100', '-count=200'];
    expect((await send(kubectl, client, ...crowd)).statuses).toEqual({ 200: 200 });
    await treat({ connectionPool: { tcp: { maxConnections: 1 }, http: { http1MaxPendingRequests: 1 } } });
    const tally = await waitFor('the limits to reach the client', async () => {
      const { statuses, errors } = await send(kubectl, client, ...crowd);
      return (statuses['503'] ?? 0) > 0 && { statuses, errors };
    });
    console.log(`ten at a time by one connection: ${JSON.stringify(tally)}`);
    // What the connection carries is answered; there is one for each thread of the proxy, whatever the limit.
    expect(tally.statuses['200']).toBeGreaterThan(10);
    expect(Object.keys(tally.statuses)).toEqual(['200', '503']);
    expect(Object.keys(tally.errors)).toEqual([expect.stringContaining('reset reason: overflow')]);
    await treat();
    await waitFor('the limits to be gone', async () => (await send(kubectl, client, ...crowd)).failed === 0);
  });

  it('leave out an endpoint that fails', async () => {
    await treat({
      outlierDetection: { consecutive5xxErrors: 3, interval: '1s', baseEjectionTime: '60s', maxEjectionPercent: 50 },
    });
    await kubectl(['-n', 'routes', 'delete', 'virtualservice', 'reviews']);
    await settle((tally) => Object.keys(tally.names).length === 2);
    await run(kubectl, second, 'get', '-method=POST', '-url=http://127.0.0.1:8080/fail/503');
    await settle(onlyFrom('v1'));
    expect((await sendToReviews('-count=100')).failed).toBe(0);
    await run(kubectl, second, 'get', '-method=POST', '-url=http://127.0.0.1:8080/fail/0');
  });

  it('come in by the ingress gateway', async () => {
    await apply(kubectl, ...entranceTo('routes', { host: 'reviews', subset: 'v1' }));
    const door = 'http://istio-ingressgateway.istio-system/';
    await createNamespace(kubectl, 'routes-outside');
    const [outsider] = await deploy(kubectl, { namespace: 'routes-outside', name: 'outsider' });
    const tally = await waitFor('the gateway to let it in', async () => {
      const answers = await send(kubectl, outsider!, `-url=${door}`, '-host=routes.example', '-count=20');
      return onlyFrom('v1')(answers) && answers;
    });
    const gateway = 'spiffe://cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account';
    expect(tally.identities).toEqual({ [gateway]: 20 });
    expect((await send(kubectl, outsider!, `-url=${door}`, '-host=other.example', '-count=1')).statuses).toEqual({
      404: 1,
    });
  });
}

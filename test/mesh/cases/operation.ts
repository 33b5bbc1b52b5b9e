// The mesh is changed, and broken, under constant load: nobody who sends requests may notice a change, and few a node's loss.
import { afterAll, beforeAll, expect, it } from 'vitest';

import type { Kubectl } from '../../../testbed/kubectl.ts';
import { waitFor } from '../../../testbed/wait.ts';
import { startLoad } from '../../../testbed/mesh/constant-load.ts';
import { entranceTo } from '../support/entrance.ts';
import { applyMesh, installMesh, MESH } from '../../../testbed/mesh/mesh.ts';
import { TRAFFIC_IMAGE } from '../../../testbed/images/traffic-images.ts';
import { waitForTold } from '../support/told.ts';
import { fetchPods, type Pod } from '../../../testbed/mesh/pods.ts';
import type { RealEnvironment } from '../../../testbed/mesh/real-cluster.ts';
import { apply, createNamespace, deleteNamespaces, deploy, send, type Tally } from '../../../testbed/mesh/workloads.ts';

const BACKEND = 'http://backend.shop:8080/';
const DOOR = ['-url=http://istio-ingressgateway.istio-system/', '-host=shop.example'];
const RATE = '-rate=200';

/** Changes of the mesh and of the machines below it, under load. */
export function operationCases(here: () => RealEnvironment): void {
  let kubectl: Kubectl;
  let client: Pod;
  let outsider: Pod;

  beforeAll(async () => {
    ({ kubectl } = here());
    await installMesh(kubectl);
    await createNamespace(kubectl, 'shop', { 'istio-injection': 'enabled' });
    await createNamespace(kubectl, 'outside');
    await apply(kubectl, ...entranceTo('shop', { host: 'backend' }));
    // Clients are where no node is killed.
    const node = here().cluster.nodes[0]?.name ?? '';
    const pods = await Promise.all([
      deploy(kubectl, { namespace: 'shop', name: 'client', node }),
      deploy(kubectl, { namespace: 'outside', name: 'outsider', node }),
      deploy(kubectl, { namespace: 'shop', name: 'backend', replicas: 2 }),
    ]);
    [client, outsider] = [pods[0][0]!, pods[1][0]!];
    await waitFor('the gateway to let requests in', async () => {
      return (await send(kubectl, outsider, ...DOOR, '-count=20')).statuses['200'] === 20;
    });
  });
  afterAll(() => deleteNamespaces(kubectl, 'shop', 'outside'));

  /** What clients inside and outside of the mesh see while something is done. */
  async function countDuring(what: string, act: () => Promise<unknown>): Promise<Tally[]> {
    const began = performance.now();
    const loads = [startLoad(here(), client, `-url=${BACKEND}`, RATE), startLoad(here(), outsider, ...DOOR, RATE)];
    await act();
    const tallies = await Promise.all(loads.map((load) => load.stop()));
    const [inside, outside] = tallies.map(({ requests, failed }) => `${failed} of ${requests} failed`);
    console.log(
      `${what}, ${((performance.now() - began) / 1000).toFixed(0)} s: ${inside} inside, ${outside} by the gateway`,
    );
    return tallies;
  }

  function expectNoFailures(tallies: readonly Tally[]): void {
    for (const tally of tallies) {
      expect(tally.requests).toBeGreaterThan(200);
      expect(tally.statuses).toEqual({ 200: tally.requests });
    }
  }

  async function rollOut(component: string, components: Record<string, unknown>): Promise<void> {
    const names = async (): Promise<string[]> =>
      (await fetchPods(kubectl, 'istio-system', `app=${component}`)).map(({ metadata }) => metadata.name);
    const before = await names();
    await installMesh(kubectl, { ...MESH, components: { ...MESH.components, ...components } });
    await waitFor(
      'other pods only',
      async () => {
        const now = await names();
        return now.length >= 2 && now.every((name) => !before.includes(name));
      },
      { timeoutMs: 120_000, intervalMs: 200 },
    );
    await kubectl(['-n', 'istio-system', 'wait', 'iop/istio', '--for=condition=Ready', '--timeout=120s']);
  }

  it('gateways that do not start are told with pod, container and reason, and take nothing from those that run', async () => {
    const broken = (image: string): Record<string, unknown> => ({
      ...MESH,
      components: {
        ...MESH.components,
        ingressGateways: [
          { name: 'istio-ingressgateway', enabled: false },
          { name: 'other-door', enabled: true },
        ],
      },
      values: { global: { proxy: { image } } },
    });
    const told = async (why: string): Promise<void> => {
      const other = String.raw`pod other-door-\w+-\w+, container istio-proxy: ${why}.*; what is rendered no more stays`;
      const ready = await waitForTold(kubectl, 'IngressGateways', new RegExp(other));
      expect(ready).toMatch(/\|.*"reason":"WorkloadNotReady","status":"False"/);
      // Its new pod is beside a former one, which is ready.
      const egress = String.raw`pod istio-egressgateway-\w+-\w+, container istio-proxy: ${why}`;
      await waitForTold(kubectl, 'EgressGateways', new RegExp(egress));
    };
    const act = async (): Promise<void> => {
      await applyMesh(kubectl, broken('proxyv2-missing'));
      await told(String.raw`ImagePullBackOff \([^;]*proxyv2-missing.*\); check hub, tag and image`);
      await applyMesh(kubectl, broken(TRAFFIC_IMAGE));
      await told(String.raw`(Crashed|CrashLoopBackOff) \(last exit code [1-9].*\); "kubectl -n istio-system logs `);
      await installMesh(kubectl);
    };
    expectNoFailures(await countDuring('gateways broken and mended', act));
    const left = await kubectl([
      '-n',
      'istio-system',
      'get',
      'deployments',
      '-o',
      'jsonpath={.items[*].metadata.name}',
    ]);
    expect(left).toBe('istio-egressgateway istio-ingressgateway istiod');
  });

  it('istiod is replaced', async () => {
    const { pilot } = MESH.components;
    const changed = { k8s: { ...pilot.k8s, podAnnotations: { changed: 'yes' } } };
    const roll = (): Promise<void> => rollOut('istiod', { pilot: changed });
    expectNoFailures(await countDuring('istiod replaced', roll));
  });

  it('the gateway is replaced', async () => {
    const changed = MESH.components.ingressGateways.map((gateway) => ({
      ...gateway,
      k8s: { ...gateway.k8s, podAnnotations: { changed: 'yes' } },
    }));
    const roll = (): Promise<void> => rollOut('istio-ingressgateway', { ingressGateways: changed });
    expectNoFailures(await countDuring('the gateway replaced', roll));
  });

  it('both replicas of the operator are killed at once', async () => {
    const killed = async (): Promise<void> => {
      const all = ['-n', 'sailwright-system', 'delete', 'pod', '--all', '--grace-period=0', '--force'];
      await kubectl(all);
      await kubectl(['-n', 'sailwright-system', 'rollout', 'status', 'deployment/sailwright', '--timeout=60s']);
    };
    expectNoFailures(await countDuring('the operator killed', killed));
  });

  it('a node is killed, and comes back', async () => {
    const [survivor, lost] = here().cluster.nodes;
    const placed = await fetchPods(kubectl, 'shop', 'app=backend');
    expect(new Set(placed.map(({ spec }) => spec.nodeName))).toEqual(new Set([survivor?.name, lost?.name]));
    const readiness = (): Promise<string> =>
      kubectl(['get', 'node', lost?.name ?? '', '-o', 'jsonpath={.status.conditions[?(@.type=="Ready")].status}']);
    const waitForBoth = (): Promise<unknown> =>
      waitFor(
        'both to answer',
        async () => {
          const tally = await send(kubectl, client, `-url=${BACKEND}`, '-count=20');
          if (Object.keys(tally.pods).length === 2) return tally;
          throw new Error(JSON.stringify(tally));
        },
        { timeoutMs: 90_000, intervalMs: 500 },
      );
    const ours = await fetchPods(kubectl, 'istio-system', 'app in (istiod,istio-ingressgateway)');
    const stranded = ours.find(({ spec }) => spec.nodeName === lost?.name)?.metadata.name ?? 'none of ours';
    const component = stranded.startsWith('istiod') ? 'Pilot' : 'IngressGateways';
    await apply(kubectl, ...PATIENT);
    await waitForBoth();
    const act = async (): Promise<void> => {
      await lost?.kill();
      await waitFor('the node to be missed', async () => (await readiness()) !== 'True', { timeoutMs: 60_000 });
      await waitForTold(kubectl, component, new RegExp(`pod ${stranded}[^;]*: NodeNotReady \\(node ${lost?.name}, `));
      await lost?.restart();
      await waitFor('the node to be back', async () => (await readiness()) === 'True', { timeoutMs: 60_000 });
      await waitForBoth();
    };
    const [inside] = await countDuring('a node killed and back', act);
    // A request that meets the dead node in all of its tries fails: few do. Who comes by the gateway's Service waits for
    // a dead gateway as well: those are told only.
    expect(inside!.requests).toBeGreaterThan(200);
    expect(inside!.failed).toBeLessThan(inside!.requests / 50);
    expect(Object.keys(inside!.pods)).toHaveLength(2);
    await kubectl(['-n', 'istio-system', 'wait', 'iop/istio', '--for=condition=Ready', '--timeout=120s']);
    expectNoFailures(await countDuring('afterwards', () => send(kubectl, client, `-url=${BACKEND}`, '-for=3s')));
  });
}

/** What is not answered in a second is asked of another endpoint. */
const PATIENT = [
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { namespace: 'shop', name: 'backend' },
    spec: {
      host: 'backend',
      trafficPolicy: {
        connectionPool: { tcp: { connectTimeout: '1s' } },
      },
    },
  },
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { namespace: 'shop', name: 'backend' },
    spec: {
      hosts: ['backend'],
      http: [
        {
          retries: { attempts: 3, perTryTimeout: '1s', retryOn: 'connect-failure,refused-stream,reset,gateway-error' },
          route: [{ destination: { host: 'backend' } }],
        },
      ],
    },
  },
];

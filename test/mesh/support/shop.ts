// A small shop that is asked from inside and outside of the mesh, 200 times a second each.
import { expect } from 'vitest';

import { createKubeClient, loadKubeConfig, type KubeClient } from '../../../src/kube/client.ts';
import type { Kubectl } from '../../../testbed/kubectl.ts';
import { startLoad, startLoadOutside, type ConstantLoad } from '../../../testbed/mesh/constant-load.ts';
import { installMesh } from '../../../testbed/mesh/mesh.ts';
import { fetchPods, type Pod } from '../../../testbed/mesh/pods.ts';
import type { RealEnvironment } from '../../../testbed/mesh/real-cluster.ts';
import { apply, createNamespace, deleteNamespaces, deploy, send, type Tally } from '../../../testbed/mesh/workloads.ts';
import { waitFor } from '../../../testbed/wait.ts';
import { entranceTo } from './entrance.ts';
import { balanceOverNodes } from './load-balancer.ts';

/** Where the service is reached from inside. */
export const BACKEND = 'http://backend.shop:8080/';
const HOST = '-host=shop.example';
const DOOR = ['-url=http://istio-ingressgateway.istio-system/', HOST];
const RATE = '-rate=200';

/** How clients outside come to the gateway: by its Service, or by a balancer in front of the nodes. */
type WayIn = 'service' | 'balancer';

/** Namespace `shop` with a client and two pods of the service `backend`, and a client outside of the mesh. */
export class Shop {
  readonly environment: RealEnvironment;
  readonly client: Pod;
  readonly outsider: Pod;
  /** Tries nothing twice: each failure is seen. */
  readonly admin: KubeClient;

  private constructor(environment: RealEnvironment, clients: { client: Pod; outsider: Pod }) {
    this.environment = environment;
    this.client = clients.client;
    this.outsider = clients.outsider;
    const kubeConfig = loadKubeConfig(environment.cluster.kubeconfig);
    this.admin = createKubeClient({ version: 'test', kubeConfig, patienceMs: 0 });
  }

  /** Opens when requests get in. Both clients are on the first node. The mesh is the operator's unless another installs it. */
  static async open(
    environment: RealEnvironment,
    install: () => Promise<void> = () => installMesh(environment.kubectl),
  ): Promise<Shop> {
    const { kubectl, cluster } = environment;
    await install();
    await createNamespace(kubectl, 'shop', { 'istio-injection': 'enabled' });
    await createNamespace(kubectl, 'outside');
    await apply(kubectl, ...entranceTo('shop', { host: 'backend' }));
    const node = cluster.nodes[0]?.name ?? '';
    const [[client], [outsider]] = (await Promise.all([
      deploy(kubectl, { namespace: 'shop', name: 'client', node }),
      deploy(kubectl, { namespace: 'outside', name: 'outsider', node }),
      deploy(kubectl, { namespace: 'shop', name: 'backend', replicas: 2 }),
    ])) as [[Pod], [Pod], Pod[]];
    await waitFor('the gateway to let requests in', async () => {
      return (await send(kubectl, outsider, ...DOOR, '-count=20')).statuses['200'] === 20;
    });
    return new Shop(environment, { client, outsider });
  }

  get kubectl(): Kubectl {
    return this.environment.kubectl;
  }

  async close(): Promise<void> {
    this.admin.close();
    await deleteNamespaces(this.kubectl, 'shop', 'outside');
  }

  /** Names of the pods of a component that are not on their way out. */
  async fetchNames(component: string): Promise<string[]> {
    return (await fetchPods(this.kubectl, 'istio-system', `app=${component}`)).map(({ metadata }) => metadata.name);
  }

  /** What clients inside and outside of the mesh see while something is done. */
  async countDuring(what: string, act: () => Promise<unknown>, wayIn: WayIn = 'service'): Promise<[Tally, Tally]> {
    const began = performance.now();
    const inside = startLoad(this.environment, this.client, `-url=${BACKEND}`, RATE);
    const outside = await this.#startOutside(wayIn);
    const stop = (): Promise<[Tally, Tally]> => Promise.all([inside.stop(), outside.stop()]);
    const tellHow = ([fromInside, fromOutside]: [Tally, Tally]): void => {
      const seconds = ((performance.now() - began) / 1000).toFixed(0);
      console.log(
        `${what}, ${seconds} s: ${describeTally(fromInside)} inside, ${describeTally(fromOutside)} by the gateway`,
      );
    };
    await act().catch(async (error: unknown) => {
      // What was counted until then helps to see why.
      tellHow(await stop());
      throw error;
    });
    const tallies = await stop();
    tellHow(tallies);
    return tallies;
  }

  async #startOutside(wayIn: WayIn): Promise<ConstantLoad> {
    if (wayIn === 'service') return startLoad(this.environment, this.outsider, ...DOOR, RATE);
    return startLoadOutside(this.environment, ...(await balanceOverNodes(this.kubectl)), HOST, RATE);
  }
}

/** All requests were answered. */
export function expectNoFailures(tallies: readonly Tally[]): void {
  for (const tally of tallies) {
    expect(tally.requests).toBeGreaterThan(200);
    expect(tally.statuses, describeTally(tally)).toEqual({ 200: tally.requests });
  }
}

function describeTally({ requests, failed, errors, firstFailureMs = 0, lastFailureMs = 0 }: Tally): string {
  const when = `from ${inSeconds(firstFailureMs)} to ${inSeconds(lastFailureMs)} s`;
  return `${failed} of ${requests} failed${failed > 0 ? ` ${when}: ${JSON.stringify(errors)}` : ''}`;
}

function inSeconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(1);
}

import type { Binaries } from './binaries.ts';
import { renderNode, serverUrl, type ClusterPorts, type Component } from './launch-plan.ts';
import { findFreePorts } from './ports.ts';
import type { Site, StartedCluster } from './site.ts';

/** The host's loopback, with nodes that kwok plays. */
export class SimulatedSite implements Site {
  readonly components: readonly Component[] = [
    'etcd',
    'kube-apiserver',
    'kube-controller-manager',
    'kube-scheduler',
    'kwok',
  ];
  readonly nodeNames: readonly string[] = [];
  readonly ports: ClusterPorts;
  readonly size: number;
  readonly #binaries: Binaries;

  private constructor(binaries: Binaries, ports: ClusterPorts, size: number) {
    this.#binaries = binaries;
    this.ports = ports;
    this.size = size;
  }

  /** Chooses free ports. */
  static async create(binaries: Binaries, size: number): Promise<SimulatedSite> {
    const [etcdClient, etcdPeer, apiserver] = await findFreePorts(3);
    if (etcdClient === undefined || etcdPeer === undefined || apiserver === undefined)
      throw new Error('too few free ports');
    return new SimulatedSite(binaries, { etcdClient, etcdPeer, apiserver }, size);
  }

  get server(): string {
    return serverUrl(this.ports);
  }

  command(component: Component, args: readonly string[]): [string, ...string[]] {
    return [this.#binaries.cluster, component, ...args];
  }

  async startNodes({ api }: StartedCluster): Promise<void> {
    for (let index = 0; index < this.size; index += 1) {
      const answer = await api('POST', '/api/v1/nodes', renderNode(index));
      if (answer.status !== 201) throw new Error(`node ${index + 1} was not created: ${JSON.stringify(answer.body)}`);
    }
  }

  failure(): undefined {
    return undefined;
  }

  async stop(): Promise<void> {
    // Its nodes are objects of the API server and end with it.
  }
}

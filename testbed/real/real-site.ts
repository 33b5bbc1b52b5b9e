import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { type ClusterPaths, type ClusterPorts, type Component } from '../launch-plan.ts';
import type { Site } from '../site.ts';
import { CONTROL_PLANE, planFabric } from './addresses.ts';
import { Fabric } from './fabric.ts';
import { cgroupOf, findDeadCgroups } from './machine-cgroup.ts';
import type { NodePrograms } from './node-programs.ts';
import { RealNode } from './real-node.ts';

/** What a site is made of. */
export interface RealSiteSetup {
  readonly size: number;
  /** Path of testbed-cluster. */
  readonly cluster: string;
  readonly programs: NodePrograms;
  /** Folder with unpacked images; undefined where there are none. */
  readonly images: string | undefined;
  readonly paths: ClusterPaths;
}

/** A network of its own, with nodes that run containers. */
export class RealSite implements Site {
  readonly address = CONTROL_PLANE;
  readonly components: readonly Component[] = [
    'etcd',
    'kube-apiserver',
    'kube-controller-manager',
    'kube-scheduler',
    'addons',
  ];
  readonly ports: ClusterPorts = { etcdClient: 2379, etcdPeer: 2380, apiserver: 6443 };
  readonly fabric: Fabric;
  readonly nodes: readonly RealNode[];
  readonly server: string;
  readonly #setup: RealSiteSetup;

  private constructor(setup: RealSiteSetup, fabric: Fabric, port: number) {
    const { size, programs, images, paths } = setup;
    this.#setup = setup;
    this.fabric = fabric;
    this.server = `https://127.0.0.1:${port}`;
    const server = `https://${CONTROL_PLANE}:${this.ports.apiserver}`;
    this.nodes = Array.from(
      { length: size },
      (_, index) => new RealNode({ number: index + 1, size, programs, images, paths, fabric, server }),
    );
  }

  /** Makes the network. */
  static async create(setup: RealSiteSetup): Promise<RealSite> {
    const { programs, paths, size } = setup;
    await sweep(programs, await findDeadCgroups());
    await mkdir(paths.logs, { recursive: true });
    const folders = { logs: paths.logs, workDir: paths.dir };
    const fabric = await Fabric.start(join(programs.machine, 'testbed-machine'), folders, planFabric(size));
    try {
      return new RealSite(setup, fabric, await fabric.forward(`${CONTROL_PLANE}:6443`));
    } catch (error) {
      await fabric.stop();
      throw error;
    }
  }

  get nodeNames(): readonly string[] {
    return this.nodes.map((node) => node.name);
  }

  get size(): number {
    return this.nodes.length;
  }

  command(component: Component, args: readonly string[]): [string, ...string[]] {
    const { programs, cluster } = this.#setup;
    const binary = component === 'addons' ? join(programs.kubernetes, 'testbed-node') : cluster;
    return this.fabric.command(binary, [component, ...args]);
  }

  async startNodes(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.start()));
  }

  failure(): string | undefined {
    return this.fabric.failure() ?? this.nodes.map((node) => node.failure()).find((one) => one !== undefined);
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
    await this.fabric.stop();
    await sweep(this.#setup.programs, [cgroupOf(this.#setup.paths.dir)]);
  }
}

/** Removes cgroups whose machines were killed together with their keepers. */
async function sweep({ machine }: NodePrograms, cgroups: readonly string[]): Promise<void> {
  await promisify(execFile)(join(machine, 'testbed-machine'), ['sweep', ...cgroups]);
}

import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { renderKubeconfig, type ClusterPaths } from '../launch-plan.ts';
import { ServerProcess } from '../server-process.ts';
import { nodeAddress, planNode } from './addresses.ts';
import { writeEtc, type EtcFiles } from './etc-files.ts';
import type { Fabric } from './fabric.ts';
import { cloneImageStore } from './image-store.ts';
import { cgroupOf } from './machine-cgroup.ts';
import { decideNodeProcesses, type MachinePlan } from './machine-plan.ts';
import { renderNodeFiles } from './node-files.ts';
import type { NodePrograms } from './node-programs.ts';

/** What a node is made of. */
export interface RealNodeSetup {
  readonly number: number;
  /** Number of nodes of the cluster. */
  readonly size: number;
  readonly programs: NodePrograms;
  readonly images: string | undefined;
  readonly paths: ClusterPaths;
  readonly fabric: Fabric;
  /** The API server's address for nodes. */
  readonly server: string;
}

/** A node that runs containers, in namespaces of its own. */
export class RealNode {
  readonly name: string;
  /** Its address in the fabric. */
  readonly address: string;
  readonly #setup: RealNodeSetup;
  readonly #folder: string;
  #machine: ServerProcess | undefined;

  constructor(setup: RealNodeSetup) {
    this.#setup = setup;
    this.name = `node-${setup.number}`;
    this.address = nodeAddress(setup.number);
    this.#folder = join(setup.paths.dir, 'nodes', this.name);
  }

  /** Its cgroup, by the path below the root of each hierarchy of this machine. */
  get cgroup(): string {
    return `${cgroupOf(this.#setup.paths.dir)}/${this.name}`;
  }

  /** Whether it runs; a node that was killed does not. */
  get isRunning(): boolean {
    return this.#machine !== undefined && this.#machine.failure() === undefined;
  }

  /** Its processes start; it joins the cluster by itself. */
  async start(): Promise<void> {
    const logFile = join(this.#setup.paths.logs, `${this.name}.log`);
    const plan = await this.#prepare();
    const config = join(this.#folder, 'machine.json');
    await writeFile(config, JSON.stringify(plan, null, 2));
    this.#machine = new ServerProcess({
      name: this.name,
      command: [join(this.#setup.programs.machine, 'testbed-machine'), 'machine', config],
      logFile,
      workDir: this.#folder,
    });
  }

  /** Ends the node as if its power was cut: its containers end, the cluster is told nothing, its disk stays. */
  async kill(): Promise<void> {
    await this.#machine?.terminate();
    this.#machine = undefined;
  }

  /** Ends the node, if it runs, and starts it on the same disk. It is Ready some seconds later. */
  async restart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  /** Ends the node and deletes its disk. */
  async stop(): Promise<void> {
    await this.#machine?.release();
    this.#machine = undefined;
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Says why the node ended by itself; undefined otherwise. */
  failure(): string | undefined {
    return this.#machine?.failure();
  }

  async #prepare(): Promise<MachinePlan> {
    const { number, size, programs, paths, fabric, images } = this.#setup;
    const data = join(this.#folder, 'data');
    const logs = join(paths.logs, this.name);
    await mkdir(logs, { recursive: true });
    await writeEtc(data, { ...renderNodeFiles(this.name, number), ...(await this.#identity()) });
    await copyFolder(programs.cni, join(data, 'opt', 'cni', 'bin'));
    if (images !== undefined) await cloneImageStore(images, join(data, 'lib', 'containerd'));
    return {
      name: this.name,
      cgroup: this.cgroup,
      data,
      logs,
      folders: { ...programs },
      network: { ...planNode(number, size), fabricPid: fabric.pid },
      processes: decideNodeProcesses(this.name, number),
    };
  }

  /** What the node shows the API server, and knows it by. */
  async #identity(): Promise<EtcFiles> {
    const { paths, server } = this.#setup;
    const read = (name: string): Promise<Buffer> => readFile(join(paths.pki, name));
    const kubeconfig = async (client: string): Promise<string> => {
      const pem = { ca: await read('ca.crt'), cert: await read(`${client}.crt`), key: await read(`${client}.key`) };
      return renderKubeconfig(server, client, pem);
    };
    return {
      'kubernetes/ca.crt': (await read('ca.crt')).toString(),
      'kubernetes/kubelet.kubeconfig': await kubeconfig(this.name),
      'kubernetes/kube-proxy.kubeconfig': await kubeconfig('kube-proxy'),
    };
  }
}

async function copyFolder(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of await readdir(from)) await copyFile(join(from, name), join(to, name));
}

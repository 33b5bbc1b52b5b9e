// What each end-to-end test file starts from: a cluster with config/default applied, and operators on demand.
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKubectl, type Kubectl } from '../../../testbed/kubectl.ts';
import { obtainCluster, type ObtainedCluster } from '../../../testbed/obtain.ts';
import {
  applyOperatorConfig,
  startOperator,
  writeOperatorKubeconfig,
  type OperatorLaunch,
  type OperatorProcess,
} from '../../../testbed/operator-process.ts';
import { deleteResource, ensureMeshNamespace } from './resource.ts';

/** A cluster ready for operators, and what was started on it. */
export class Environment {
  readonly cluster: ObtainedCluster;
  readonly kubectl: Kubectl;
  readonly folder: string;
  readonly #operators: OperatorProcess[] = [];

  private constructor(cluster: ObtainedCluster, kubectl: Kubectl, folder: string) {
    this.cluster = cluster;
    this.kubectl = kubectl;
    this.folder = folder;
  }

  /** Starts the cluster (or takes that of KUBECONFIG) and installs everything but an operator process. */
  static async start(): Promise<Environment> {
    const given = process.env['KUBECONFIG'];
    const environment = await Environment.startBare();
    try {
      await applyOperatorConfig(environment.kubectl);
      await ensureMeshNamespace(environment.kubectl);
      await environment.openIdentity();
      return environment;
    } catch (error) {
      await environment.cluster.stop();
      restoreKubeconfig(given);
      throw error;
    }
  }

  /** Starts the cluster, or takes that of KUBECONFIG, and installs nothing. */
  static async startBare(): Promise<Environment> {
    const cluster = await obtainCluster({ onProgress: (line) => process.stderr.write(`  ${line}\n`) });
    const kubectl = createKubectl(cluster.embedded?.kubectl ?? 'kubectl', cluster.kubeconfig);
    const folder = cluster.embedded?.logsDir ?? (await mkdtemp(join(tmpdir(), 'sailwright-e2e-')));
    await mkdir(folder, { recursive: true });
    // The fluent client finds the cluster by the environment; the next file must still see what was given.
    process.env['KUBECONFIG'] = cluster.kubeconfig;
    return new Environment(cluster, kubectl, folder);
  }

  /** Lets operators act as their ServiceAccount, which must be there. */
  async openIdentity(): Promise<void> {
    await writeOperatorKubeconfig(this.kubectl, this.operatorKubeconfig);
  }

  /** Path of the kubeconfig of the operator's ServiceAccount. */
  get operatorKubeconfig(): string {
    return join(this.folder, 'operator.kubeconfig');
  }

  /** Starts one more operator process as the operator's ServiceAccount. */
  async startOperator(
    name: string,
    more: Partial<Omit<OperatorLaunch, 'name' | 'folder'>> = {},
  ): Promise<OperatorProcess> {
    const launch = { name, kubeconfig: this.operatorKubeconfig, folder: this.folder, ...more };
    const operator = await startOperator(launch);
    this.#operators.push(operator);
    return operator;
  }

  /** Ends everything. On a cluster that goes on, the mesh is removed first. */
  async stop(): Promise<void> {
    try {
      if (!this.cluster.embedded) await deleteResource(this.kubectl);
    } finally {
      await Promise.all(this.#operators.filter(({ exit }) => exit === undefined).map((operator) => operator.kill()));
      await this.cluster.stop();
      if (this.cluster.embedded) restoreKubeconfig(undefined);
    }
  }
}

function restoreKubeconfig(value: string | undefined): void {
  if (value === undefined) delete process.env['KUBECONFIG'];
  else process.env['KUBECONFIG'] = value;
}

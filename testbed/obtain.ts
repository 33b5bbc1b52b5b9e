import { delimiter } from 'node:path';

import { startCluster, type Cluster, type ClusterOptions } from './cluster.ts';

/** A cluster to use: the embedded one, or one that somebody else runs. */
export interface ObtainedCluster {
  /** Path of the kubeconfig. */
  readonly kubeconfig: string;
  /** The kubectl to use with it: the embedded cluster's own, or the one on the PATH. */
  readonly kubectl: string;
  /** The embedded cluster, with what only it can do; undefined for somebody else's. */
  readonly embedded: Cluster | undefined;
  /** Ends the embedded cluster; leaves somebody else's alone. */
  stop(): Promise<void>;
}

/** Uses the cluster that KUBECONFIG names, building and starting nothing; without it, starts the embedded one. */
export async function obtainCluster(
  options: ClusterOptions = {},
  env: NodeJS.ProcessEnv = process.env,
): Promise<ObtainedCluster> {
  const given = env['KUBECONFIG'];
  if (given) {
    const paths = given.split(delimiter).filter((path) => path !== '');
    const [kubeconfig] = paths;
    if (kubeconfig === undefined || paths.length > 1) {
      throw new Error(`KUBECONFIG holds ${paths.length} paths (${given}): set it to one file`);
    }
    options.onProgress?.(`using the cluster of KUBECONFIG=${kubeconfig}`);
    return { kubeconfig, kubectl: 'kubectl', embedded: undefined, stop: () => Promise.resolve() };
  }
  const cluster = await startCluster(options);
  return { kubeconfig: cluster.kubeconfig, kubectl: cluster.kubectl, embedded: cluster, stop: () => cluster.stop() };
}

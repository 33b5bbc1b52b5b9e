import { createKubeClient, type KubeClient } from '../../kube/client.ts';
import { loadKubeConfig } from '../../kube/kube-config.ts';
import { VERSION } from '../../version.ts';
import type { CLUSTER_OPTIONS } from './vocabulary.ts';
import type { FlagsOf } from './option.ts';

/** How a command line says which cluster it means. */
export type ClusterFlags = FlagsOf<typeof CLUSTER_OPTIONS>;

/** For a command of many writes, which had better not end between two of them: what it changes restarts control planes. */
export const PATIENCE_OF_CHANGES_MS = 60_000;

/** A client of the cluster that a command line means; sends nothing yet. @throws KubeConfigError */
export function connectCluster(flags: ClusterFlags, options: { patienceMs?: number } = {}): KubeClient {
  return createKubeClient({
    version: VERSION,
    kubeConfig: loadKubeConfig(flags.kubeconfig, flags.context),
    ...options,
  });
}

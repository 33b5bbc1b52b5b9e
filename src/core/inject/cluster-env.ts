import type { JsonObject } from '../kube-object.ts';
import type { CompiledInjectionConfig } from './compile-injection-config.ts';
import { envOf, envVar, findProxy, replaceContainer } from './containers.ts';
import { compareBytes } from './go-json.ts';
import { envsOfPath } from './inject-path.ts';
import type { Pod } from './template-context.ts';

export const CLUSTER_ENV = 'ISTIO_META_CLUSTER_ID';
export const NETWORK_ENV = 'ISTIO_META_NETWORK';
/** Names the network of a pod, stronger than the webhook's path and the values. */
export const NETWORK_LABEL = 'topology.istio.io/network';

/** Environment variables of the proxy that come from the webhook's path, the values and the pod's network label. */
export function clusterEnvs(
  pod: Pod,
  path: string,
  { cluster, network }: Pick<CompiledInjectionConfig, 'cluster' | 'network'>,
): Record<string, string> {
  const envs = envsOfPath(path);
  const effectiveCluster = envs[CLUSTER_ENV] || cluster;
  const effectiveNetwork = pod.metadata.labels?.[NETWORK_LABEL] ?? (envs[NETWORK_ENV] || network);
  if (effectiveCluster !== '') envs[CLUSTER_ENV] = effectiveCluster;
  if (effectiveNetwork !== '') envs[NETWORK_ENV] = effectiveNetwork;
  return envs;
}

/** The pod whose proxy has these variables, sorted, at the end of its environment. */
export function overwriteClusterEnvs(pod: Pod, envs: Readonly<Record<string, string>>): Pod {
  const proxy = findProxy(pod.spec);
  return proxy && Object.keys(envs).length > 0 ? replaceContainer(pod, proxy, withClusterEnvs(proxy, envs)) : pod;
}

/** The container with these variables, sorted, at the end, instead of any of the same name. */
export function withClusterEnvs(container: JsonObject, envs: Readonly<Record<string, string>>): JsonObject {
  const kept = envOf(container).filter(({ name }) => !Object.hasOwn(envs, name as string));
  const added = Object.keys(envs)
    .sort(compareBytes)
    .map((name) => envVar(name, envs[name] ?? ''));
  return { ...container, env: [...kept, ...added] };
}

import { compileInjectionConfig, type CompiledInjectionConfig } from '../../core/inject/compile-injection-config.ts';
import { readControlPlaneConfig } from '../../core/inject/control-plane-config.ts';
import { findControlPlane, INJECTOR, MESH, nameInRevision } from '../../core/inject/control-plane-objects.ts';
import { injectionWebhooksOf, type PodWebhook } from '../../core/inject/injection-webhooks.ts';
import { isInjected } from '../../core/inject/missed-pods.ts';
import { parseRevisionPath } from '../../core/inject/revision-path.ts';
import { InjectionError, type Pod } from '../../core/inject/template-context.ts';
import type { JsonObject, KubeObject } from '../../core/kube-object.ts';
import { INJECTOR_KIND } from '../../core/webhook-configuration.ts';
import { ApiError } from '../../kube/errors.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import { connectCluster, type ClusterFlags } from '../shell/connect-cluster.ts';
import { InputError } from '../shell/input-error.ts';
import { explainPod } from './inject-explain.ts';

/** A pod that runs. */
export interface LivePod {
  pod: string;
  namespace: string;
}

/** Explains a pod in the cluster by the webhooks and the configuration there. @throws InputError */
export async function explainLivePod({ pod, namespace }: LivePod, cluster: ClusterFlags): Promise<string> {
  const client = connectCluster(cluster);
  try {
    return await explain(client.scoped({}), pod, namespace);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new InputError(`the cluster could not be asked: ${error.message}`);
  } finally {
    client.close();
  }
}

async function explain(api: KubeApi, name: string, namespaceName: string): Promise<string> {
  const [pod, namespace, { items }] = await Promise.all([
    api.get({ apiVersion: 'v1', kind: 'Pod', name, namespace: namespaceName }),
    api.get({ apiVersion: 'v1', kind: 'Namespace', name: namespaceName }),
    api.list(INJECTOR_KIND),
  ]);
  if (!pod) throw new InputError(`there is no pod ${name} in namespace ${namespaceName}`);
  const webhooks = items.flatMap((item) => injectionWebhooksOf(item));
  const configs = await fetchConfigs(api, webhooks);
  const annotations = namespace?.metadata.annotations;
  const text = explainPod(
    {
      title: `Pod ${namespaceName}/${name}`,
      pod: podWithout(pod),
      namespace: namespaceName,
      namespaceLabels: namespace?.metadata.labels ?? {},
      ...(annotations ? { namespaceAnnotations: annotations } : {}),
    },
    {
      webhooks,
      configOf: (webhook) =>
        configs.get(webhook?.path ?? '/inject') ?? { problem: 'no injection webhook is installed' },
    },
  );
  return `${text}   the pod ${isInjected(pod) ? 'has a sidecar' : 'has no sidecar now'}\n`;
}

/** The pod as it might have been created: a status or what the cluster filled in decides nothing. */
function podWithout({ metadata, spec }: KubeObject): Pod {
  return { metadata, spec: (spec ?? {}) as JsonObject };
}

type Config = CompiledInjectionConfig | { problem: string };

/** One configuration for each path; `/inject` is that of the revision without a name. */
async function fetchConfigs(api: KubeApi, webhooks: readonly PodWebhook[]): Promise<Map<string, Config>> {
  const configs = new Map<string, Config>();
  for (const path of new Set(['/inject', ...webhooks.map((webhook) => webhook.path)])) {
    configs.set(path, await fetchConfig(api, path));
  }
  return configs;
}

async function fetchConfig(api: KubeApi, path: string): Promise<Config> {
  const { revision, namespace } = parseRevisionPath(path);
  const fetchMap = (name: string): Promise<KubeObject | undefined> =>
    api.get({ apiVersion: 'v1', kind: 'ConfigMap', name: nameInRevision(name, revision), namespace });
  const maps = await Promise.all([fetchMap(INJECTOR), fetchMap(MESH)]);
  const controlPlane = findControlPlane(
    maps.filter((map) => map !== undefined),
    revision,
  );
  const name = `ConfigMap ${namespace}/${nameInRevision(INJECTOR, revision)}`;
  if (!controlPlane) return { problem: `${name} does not exist` };
  try {
    return compileInjectionConfig(readControlPlaneConfig(controlPlane));
  } catch (error) {
    if (error instanceof InjectionError) return { problem: `${name}: ${error.message}` };
    throw error;
  }
}

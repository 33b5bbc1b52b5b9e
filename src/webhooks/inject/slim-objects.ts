import { istiodVariables, VERSION_LABEL } from '../../core/inject/control-plane-objects.ts';
import { entriesOf, isOurs, pathOf } from '../../core/webhook-configuration.ts';
import type { WebhookEndpoint } from '../../core/operator-endpoint.ts';
import { bareObject, isJsonObject, type KubeObject, type ObjectMeta } from '../../core/kube-object.ts';

/** Prefix of the annotations that OpenShift gives a namespace. */
const OPENSHIFT = 'openshift.io/';

/** Keeps labels, OpenShift's annotations, and whether it is on its way out. */
export function slimNamespace(object: KubeObject): KubeObject {
  const { deletionTimestamp } = object.metadata;
  const annotations = Object.entries(object.metadata.annotations ?? {}).filter(([key]) => key.startsWith(OPENSHIFT));
  return slim(object, {
    ...(object.metadata.labels ? { labels: object.metadata.labels } : {}),
    ...(annotations.length > 0 ? { annotations: Object.fromEntries(annotations) } : {}),
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
  });
}

/** Keeps the version of the kubelet. */
export function slimNode(object: KubeObject): KubeObject {
  const status = isJsonObject(object['status']) ? object['status'] : {};
  const nodeInfo = isJsonObject(status['nodeInfo']) ? status['nodeInfo'] : {};
  return { ...bareObject(object), kubeletVersion: nodeInfo['kubeletVersion'] ?? '' };
}

/** Keeps the paths by which a webhook configuration calls this operator; one that does not is not kept. */
export function slimWebhooks(object: KubeObject, endpoint: WebhookEndpoint): KubeObject | undefined {
  const paths = entriesOf(object)
    .filter((entry) => isOurs(entry, endpoint))
    .map((entry) => pathOf(entry, endpoint));
  return paths.length > 0 ? { ...bareObject(object), paths: [...new Set(paths)] } : undefined;
}

/** What {@link slimWebhooks} kept. */
export function pathsOf({ paths }: KubeObject): readonly string[] {
  return Array.isArray(paths) ? (paths as string[]) : [];
}

/** Keeps what injection reads of a spec and what orders resources. */
export function slimProxyConfig(object: KubeObject): KubeObject {
  const { labels, creationTimestamp } = object.metadata;
  const kept = slim(object, { ...(labels ? { labels } : {}), creationTimestamp });
  const spec = isJsonObject(object['spec']) ? object['spec'] : {};
  const { selector, concurrency, environmentVariables, image } = spec;
  const used = { selector, concurrency, environmentVariables, image };
  return { ...kept, spec: Object.fromEntries(Object.entries(used).filter(([, value]) => value !== undefined)) };
}

/** Keeps the release, and the keys of a ConfigMap that injection reads. */
export function slimConfigMap(object: KubeObject): KubeObject {
  const data = isJsonObject(object['data']) ? object['data'] : {};
  const kept = Object.entries(data).filter(([key]) => CONFIG_KEYS.has(key));
  const version = object.metadata.labels?.[VERSION_LABEL];
  const labels = version === undefined ? {} : { labels: { [VERSION_LABEL]: version } };
  return { ...slim(object, labels), data: Object.fromEntries(kept) };
}

const CONFIG_KEYS = new Set(['mesh', 'values', 'config']);

/** Keeps the variables of istiod's container that have plain values. */
export function slimControlPlane(object: KubeObject): KubeObject {
  return { ...bareObject(object), env: istiodVariables(object) };
}

function slim(object: KubeObject, more: Partial<ObjectMeta>): KubeObject {
  const bare = bareObject(object);
  return { ...bare, metadata: { ...bare.metadata, ...more } };
}

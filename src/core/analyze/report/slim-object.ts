import { isJsonObject, type Json, type JsonObject, type KubeObject } from '../../kube-object.ts';

/** Characters. None that analysis reads is near to it; what tools note down of whole objects is. */
const MAX_ANNOTATION = 16 * 1024;
/** Of pods, of which there are many; no analyzer looks at these. */
const UNREAD_OF_POD = ['volumes', 'affinity', 'tolerations', 'topologySpreadConstraints', 'imagePullSecrets'];
const UNREAD_OF_CONTAINER = [
  ...['args', 'command', 'env', 'envFrom', 'lifecycle', 'resources', 'volumeMounts'],
  ...['livenessProbe', 'readinessProbe', 'startupProbe', 'terminationMessagePath', 'terminationMessagePolicy'],
];

/** An object without what no analyzer looks at, so that a whole cluster fits into memory. */
export function slimForAnalysis(object: KubeObject): KubeObject {
  const { name, namespace, labels, annotations } = object.metadata;
  const metadata = {
    name,
    ...(namespace ? { namespace } : {}),
    ...(labels ? { labels } : {}),
    ...(annotations ? { annotations: withoutLarge(annotations) } : {}),
  };
  if (object.kind !== 'Pod') return { ...object, metadata };
  const { spec, status } = object;
  return {
    ...object,
    metadata,
    spec: isJsonObject(spec) ? slimPodSpec(spec) : {},
    status: isJsonObject(status) ? { phase: status['phase'] } : {},
  };
}

function slimPodSpec(spec: JsonObject): JsonObject {
  const { containers, initContainers } = spec;
  return {
    ...without(spec, UNREAD_OF_POD),
    ...(containers ? { containers: slimContainers(containers) } : {}),
    ...(initContainers ? { initContainers: slimContainers(initContainers) } : {}),
  };
}

function slimContainers(containers: Json): Json {
  if (!Array.isArray(containers)) return containers;
  return containers.map((each) => (isJsonObject(each) ? without(each, UNREAD_OF_CONTAINER) : each));
}

function withoutLarge(annotations: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(annotations).filter(([, value]) => value.length <= MAX_ANNOTATION));
}

function without<T extends object>(value: T, keys: readonly string[]): T {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key))) as T;
}

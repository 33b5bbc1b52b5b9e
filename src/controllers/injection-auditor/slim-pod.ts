import { INJECT_LABEL, PROXY_CONTAINER, STATUS_ANNOTATION } from '../../api/istio-names.ts';
import { isJsonObject, type Json, type KubeObject } from '../../core/kube-object.ts';

const ANNOTATIONS = [STATUS_ANNOTATION, INJECT_LABEL, 'kubernetes.io/config.mirror'];

/** Keeps what tells whether a pod should have a sidecar, has one, and of which version. */
export function slimPod(object: KubeObject): KubeObject {
  const { name, namespace, resourceVersion, labels, deletionTimestamp, annotations = {} } = object.metadata;
  const spec = isJsonObject(object['spec']) ? object['spec'] : {};
  const status = isJsonObject(object['status']) ? object['status'] : {};
  const kept = ANNOTATIONS.flatMap((key) => (annotations[key] === undefined ? [] : [[key, annotations[key]] as const]));
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: {
      name,
      ...(namespace ? { namespace } : {}),
      ...(labels ? { labels } : {}),
      ...(kept.length > 0 ? { annotations: Object.fromEntries(kept) } : {}),
      ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
      resourceVersion,
    },
    spec: {
      containers: namesOf(spec['containers']),
      initContainers: namesOf(spec['initContainers']),
      ...(spec['hostNetwork'] === true ? { hostNetwork: true } : {}),
    },
    status: { phase: status['phase'] },
  };
}

function namesOf(containers: Json | undefined): Json[] {
  if (!Array.isArray(containers)) return [];
  return containers
    .filter(isJsonObject)
    .map(({ name = '', image }) => (name === PROXY_CONTAINER && image !== undefined ? { name, image } : { name }));
}

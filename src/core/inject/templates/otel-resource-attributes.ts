import { isJsonObject, type Json, type JsonObject } from '../../kube-object.ts';

const PREFIX = 'resource.opentelemetry.io';

/** What of a pod decides its OpenTelemetry attributes. */
export interface OtelPod {
  annotations: Readonly<Record<string, string>>;
  labels: Readonly<Record<string, string>>;
  namespace: string;
  containers: readonly JsonObject[];
}

/**
 * The value of OTEL_RESOURCE_ATTRIBUTES after OpenTelemetry's conventions for Kubernetes; empty when no provider of the
 * mesh asks for them. The name of the pod is not known yet, so that the kubelet fills it in.
 */
export function otelResourceAttributes(meshConfig: JsonObject, pod: OtelPod): string {
  if (!wantsAttributes(meshConfig.extensionProviders)) return '';
  const attributes: [string, string][] = [
    ['service.namespace', pod.annotations[`${PREFIX}/service.namespace`] || pod.namespace],
    ['service.version', serviceVersion(pod)],
    ['service.instance.id', instanceId(pod)],
  ];
  return attributes
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
}

function wantsAttributes(providers: Json | undefined): boolean {
  return Array.isArray(providers) && providers.some((provider) => isJsonObject(provider) && enriches(provider));
}

function enriches({ opentelemetry }: JsonObject): boolean {
  return isJsonObject(opentelemetry) && opentelemetry.serviceAttributeEnrichment === 'OTEL_SEMANTIC_CONVENTIONS';
}

function serviceVersion({ annotations, labels, containers }: OtelPod): string {
  const given = annotations[`${PREFIX}/service.version`] || labels['app.kubernetes.io/version'];
  if (given) return given;
  const image = containers[0]?.image;
  return containers.length === 1 && typeof image === 'string' ? imageVersion(image) : '';
}

/** Tag, digest or both of an image reference. */
function imageVersion(image: string): string {
  const at = image.indexOf('@');
  const name = at < 0 ? image : image.slice(0, at);
  const digest = at < 0 ? '' : image.slice(at + 1);
  const colon = name.lastIndexOf(':');
  const tag = colon > name.lastIndexOf('/') ? name.slice(colon + 1) : '';
  return [tag, digest].filter((part) => part !== '').join('@');
}

function instanceId({ annotations, namespace, containers }: OtelPod): string {
  const given = annotations[`${PREFIX}/service.instance.id`];
  if (given) return given;
  const name = containers[0]?.name;
  return typeof name === 'string' ? `${namespace}.$(POD_NAME).${name}` : '';
}

import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';

/** Overrides the image type of the pod's proxy. */
const IMAGE_TYPE_ANNOTATION = 'sidecar.istio.io/proxyImageType';

const KNOWN_TYPES = ['distroless', 'debug'];
const DEFAULT_TYPE = 'default';
const DEFAULT_NAME = 'proxyv2';

/** What decides the images besides the pod: computed once for a configuration. */
export interface ImageSettings {
  hub: string;
  tag: string;
  variant: string;
  proxyName: string;
  initName: string;
}

/** Reads hub, tag, variant and image names from the injection values. */
export function imageSettings(values: JsonObject): ImageSettings {
  const global = section(values, 'global');
  return {
    hub: textOf(global.hub),
    tag: textOf(global.tag),
    variant: textOf(global.variant),
    proxyName: textOf(section(global, 'proxy').image) || DEFAULT_NAME,
    initName: textOf(section(global, 'proxy_init').image) || DEFAULT_NAME,
  };
}

/** The image of the proxy: the annotation's type, else the ProxyConfig's, else the mesh's variant. */
export function proxyImage(
  settings: ImageSettings,
  configuredType: string,
  annotations: Readonly<Record<string, string>>,
): string {
  const type = annotations[IMAGE_TYPE_ANNOTATION] ?? (configuredType || settings.variant);
  return imageReference(settings, settings.proxyName, type);
}

/** The image of the init container, which the ProxyConfig's type does not change. */
export function proxyInitImage(settings: ImageSettings, annotations: Readonly<Record<string, string>>): string {
  const type = annotations[IMAGE_TYPE_ANNOTATION] ?? settings.variant;
  return imageReference(settings, settings.initName, type);
}

function imageReference({ hub, tag }: ImageSettings, name: string, type: string): string {
  return `${hub}/${name}:${tagOfType(tag, type)}`;
}

function tagOfType(tag: string, type: string): string {
  if (type === '') return tag;
  const known = KNOWN_TYPES.find((suffix) => tag.endsWith(`-${suffix}`));
  const plain = known === undefined ? tag : tag.slice(0, -known.length - 1);
  return type === DEFAULT_TYPE ? plain : `${plain}-${type}`;
}

function section(values: JsonObject, name: string): JsonObject {
  const value = values[name];
  return isJsonObject(value) ? value : {};
}

/** A tag may be a number in YAML: 1.5 stays 1.5, 11 stays 11. */
function textOf(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

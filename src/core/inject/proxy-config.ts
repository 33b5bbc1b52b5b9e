import { parse } from 'yaml';
import { errorLine } from '../error-text.ts';
import { meshOutline } from '../../api/mesh/decode-mesh.ts';
import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';
import { KUBERNETES_YAML } from '../values/yaml-input.ts';
import { escapeHtml } from './go-json.ts';
import { protoForm, withoutZeros } from './proto-json.ts';
import { RecentTexts } from '../recent-texts.ts';
import { InjectionError } from './template-context.ts';

export const PROXY_CONFIG_ANNOTATION = 'proxy.istio.io/config';

/** What istiod takes for every setting of a proxy that nobody wrote. */
export const DEFAULT_PROXY_CONFIG: JsonObject = {
  configPath: './etc/istio/proxy',
  binaryPath: '/usr/local/bin/envoy',
  serviceCluster: 'istio-proxy',
  drainDuration: '45s',
  discoveryAddress: 'istiod.istio-system.svc:15012',
  proxyAdminPort: 15000,
  controlPlaneAuthPolicy: 'MUTUAL_TLS',
  statNameLength: 189,
  statusPort: 15020,
  terminationDrainDuration: '5s',
};

/** A ProxyConfig resource (networking.istio.io/v1beta1). */
export interface ProxyConfigResource {
  name: string;
  namespace: string;
  creationTimestamp?: string;
  spec: JsonObject;
}

/** A ProxyConfig in protojson form; zero values are kept, so that they override. @throws InjectionError */
export function parsedProxyConfig(value: Json, path: string): JsonObject {
  return protoForm(meshOutline('ProxyConfig'), value, { path, keepZeros: true });
}

/** Most pods of a cluster share a few annotations, and reading one takes as long as all else in an injection. */
const ANNOTATIONS_KEPT = { texts: 64, length: 1024 };
const readAnnotations = new RecentTexts<JsonObject>(ANNOTATIONS_KEPT);

/** The annotation's text as a ProxyConfig. @throws InjectionError for text that is none */
export function parsedAnnotation(text: string): JsonObject {
  return readAnnotations.of(text, parseAnnotation);
}

function parseAnnotation(text: string): JsonObject {
  let value: unknown;
  try {
    value = parse(text, { ...KUBERNETES_YAML, logLevel: 'error', uniqueKeys: false });
  } catch (error) {
    throw new InjectionError(`not YAML: ${errorLine(error)}`);
  }
  if (value !== null && value !== undefined && !isJsonObject(value)) throw new InjectionError('not a map of settings');
  return parsedProxyConfig(value ?? {}, PROXY_CONFIG_ANNOTATION);
}

const KEPT_HEADERS = ['forwardedClientCert', 'requestId', 'attemptCount', 'server', 'envoyDebugHeaders'] as const;

/** `base` with the fields of `over`: a field replaces, but `proxyMetadata` merges and some `proxyHeaders` stay. */
export function overrideProxyConfig(base: JsonObject, over: JsonObject): JsonObject {
  const merged: JsonObject = { ...base, ...over };
  if (over.serviceCluster !== undefined) delete merged.tracingServiceName;
  if (over.tracingServiceName !== undefined) delete merged.serviceCluster;
  if (isJsonObject(base.proxyMetadata) && isJsonObject(over.proxyMetadata)) {
    merged.proxyMetadata = { ...base.proxyMetadata, ...over.proxyMetadata };
  }
  if (isJsonObject(base.proxyHeaders) && isJsonObject(over.proxyHeaders)) {
    const kept = { ...over.proxyHeaders };
    for (const name of KEPT_HEADERS) kept[name] ??= base.proxyHeaders[name];
    merged.proxyHeaders = kept;
  }
  return withoutZeros(meshOutline('ProxyConfig'), merged);
}

/** ProxyConfigs of one configuration, merged as far as the pod does not matter. */
export interface ProxyConfigs {
  rootNamespace: string;
  /** Defaults, mesh and root namespace. */
  base: JsonObject;
  /** The base with the namespace's own resource, for namespaces that have one. */
  byNamespace: ReadonlyMap<string, JsonObject>;
  /** Resources with a selector, oldest first. */
  workloads: ReadonlyMap<string, readonly { labels: Readonly<Record<string, string>>; config: JsonObject }[]>;
}

/** Prepares the ProxyConfig resources for {@link effectiveProxyConfig}. */
export function compileProxyConfigs(mesh: JsonObject, resources: readonly ProxyConfigResource[]): ProxyConfigs {
  const rootNamespace = typeof mesh.rootNamespace === 'string' ? mesh.rootNamespace : '';
  const oldestFirst = [...resources].sort(byAge);
  const general = new Map<string, JsonObject>();
  const workloads = new Map<string, { labels: Record<string, string>; config: JsonObject }[]>();
  for (const { namespace, spec } of oldestFirst) {
    const labels = selectorLabels(spec.selector);
    if (spec.selector === undefined || spec.selector === null) {
      if (!general.has(namespace)) general.set(namespace, fromResource(spec));
    } else if (Object.keys(labels).length > 0) {
      workloads.set(namespace, [...(workloads.get(namespace) ?? []), { labels, config: fromResource(spec) }]);
    }
  }
  const own = withoutZeros(meshOutline('ProxyConfig'), isJsonObject(mesh.defaultConfig) ? mesh.defaultConfig : {});
  const meshBase = overrideProxyConfig(DEFAULT_PROXY_CONFIG, own);
  const base = rootNamespace === '' ? meshBase : overrideProxyConfig(meshBase, general.get(rootNamespace) ?? {});
  general.delete(rootNamespace);
  const byNamespace = new Map([...general].map(([name, config]) => [name, overrideProxyConfig(base, config)]));
  return { rootNamespace, base, byNamespace, workloads };
}

function byAge(a: ProxyConfigResource, b: ProxyConfigResource): number {
  const [left, right] = [ageKey(a), ageKey(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function ageKey({ creationTimestamp = '', name, namespace }: ProxyConfigResource): string {
  return `${creationTimestamp}\n${name}.${namespace}`;
}

function selectorLabels(selector: Json | undefined): Record<string, string> {
  const labels = isJsonObject(selector) ? selector.matchLabels : undefined;
  return isJsonObject(labels) ? (labels as Record<string, string>) : {};
}

/** The part of a mesh's ProxyConfig that a ProxyConfig resource can set. */
function fromResource({ concurrency, environmentVariables, image }: JsonObject): JsonObject {
  return protoForm(
    meshOutline('ProxyConfig'),
    { concurrency: concurrency ?? null, proxyMetadata: environmentVariables ?? null, image: image ?? null },
    { path: 'ProxyConfig' },
  );
}

/** What identifies a pod to ProxyConfig resources, and its annotation. */
export interface ProxyConfigTarget {
  namespace: string;
  labels: Readonly<Record<string, string>>;
  annotation: string | undefined;
}

/**
 * The pod's ProxyConfig, weakest first: defaults, mesh, root namespace, namespace, annotation, resource with a
 * matching selector. An annotation that does not parse counts as none here; validation refuses it.
 */
export function effectiveProxyConfig(configs: ProxyConfigs, target: ProxyConfigTarget): JsonObject {
  const general = configs.byNamespace.get(target.namespace) ?? configs.base;
  const workload = configs.workloads
    .get(target.namespace)
    ?.find(({ labels }) => Object.entries(labels).every(([key, value]) => target.labels[key] === value));
  const withAnnotation = target.annotation === undefined ? general : annotated(general, target.annotation);
  return workload ? overrideProxyConfig(withAnnotation, workload.config) : withAnnotation;
}

/** By the configuration that the annotation comes on top of. */
const annotatedConfigs = new WeakMap<JsonObject, RecentTexts<JsonObject>>();

function annotated(general: JsonObject, annotation: string): JsonObject {
  let known = annotatedConfigs.get(general);
  if (!known) annotatedConfigs.set(general, (known = new RecentTexts(ANNOTATIONS_KEPT)));
  return known.of(annotation, (text) => {
    const own = tryParse(text);
    return own ? overrideProxyConfig(general, own) : general;
  });
}

function tryParse(text: string): JsonObject | undefined {
  try {
    return withoutZeros(meshOutline('ProxyConfig'), parsedAnnotation(text));
  } catch {
    return undefined;
  }
}

/** Fields that the PROXY_CONFIG variable leaves out when they have istiod's default. */
const CLEANED = Object.entries(DEFAULT_PROXY_CONFIG);
/** Most pods share the configuration of the mesh or of their namespace. */
const knownTexts = new WeakMap<JsonObject, string>();

/** The ProxyConfig as the agent reads it from PROXY_CONFIG: one line of protojson without what is default anyway. */
export function proxyConfigText(config: JsonObject): string {
  let text = knownTexts.get(config);
  if (text === undefined) {
    const kept = { ...config };
    for (const [key, value] of CLEANED) if (kept[key] === value) delete kept[key];
    text = escapeHtml(JSON.stringify(withoutZeros(meshOutline('ProxyConfig'), kept)));
    knownTexts.set(config, text);
  }
  return text;
}

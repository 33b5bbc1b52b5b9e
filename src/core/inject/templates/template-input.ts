import { INTERCEPTION_MODE_ANNOTATION, PROXY_CONTAINER } from '../../../api/istio-names.ts';
import { isJsonObject, type Json, type JsonObject } from '../../kube-object.ts';
import type { TemplateContext } from '../template-context.ts';
import { isTruthy, valuesSection } from './injection-values.ts';
import { goText } from './template-text.ts';

/** User and group of the proxy when nothing else is known. */
export const PROXY_ID = 1337;

/** Annotations that change the proxy itself, and not only what it is told of its pod. */
export type ProxyAnnotation = `${string}sidecar.istio.io/${string}` | (typeof OTHER_ANNOTATIONS)[number];

const OTHER_ANNOTATIONS = ['istio.io/reroute-virtual-interfaces', 'apm.datadoghq.com/env'] as const;

/** What decides the parts of a pod that are the same for most pods of a mesh. */
export interface ProxyInput {
  context: Omit<TemplateContext, 'typeMeta' | 'deploymentMeta' | 'metadata' | 'spec' | 'revision' | 'environment'>;
  annotations: Readonly<Partial<Record<ProxyAnnotation, string>>>;
  /** Sections of the values. */
  global: JsonObject;
  proxy: JsonObject;
  pilot: JsonObject;
  /** proxyMetadata, sorted by name. */
  proxyMetadata: readonly (readonly [string, string])[];
  proxyUid: number;
  proxyGid: number;
  /** Of the pod, where the proxy's parts name it. */
  serviceAccount: string;
}

/** The context with what several parts of the built-in templates ask for. */
export interface TemplateInput extends ProxyInput {
  context: TemplateContext;
  annotations: Readonly<Record<string, string>>;
  labels: Readonly<Record<string, string>>;
  containers: readonly JsonObject[];
  /** Names of the containers that are not the proxy. */
  appContainers: readonly string[];
}

/** Reads the context once for all parts of a template. */
export function templateInput(context: TemplateContext): TemplateInput {
  const { metadata, spec, values, proxyConfig } = context;
  const global = valuesSection(values, 'global', 'global');
  const containers = Array.isArray(spec.containers) ? spec.containers.filter(isJsonObject) : [];
  return {
    context,
    annotations: metadata.annotations ?? {},
    labels: metadata.labels ?? {},
    containers,
    appContainers: containers.map(({ name }) => goText(name)).filter((name) => name !== PROXY_CONTAINER),
    global,
    proxy: valuesSection(global, 'proxy', 'global.proxy'),
    pilot: valuesSection(values, 'pilot', 'pilot'),
    proxyMetadata: sortedEntries(proxyConfig.proxyMetadata),
    proxyUid: context.proxyUid || PROXY_ID,
    proxyGid: context.proxyGid || PROXY_ID,
    serviceAccount: isTruthy(global.mountMtlsCerts) ? serviceAccountOf(spec) : '',
  };
}

function serviceAccountOf({ serviceAccountName }: JsonObject): string {
  return typeof serviceAccountName === 'string' && serviceAccountName !== '' ? serviceAccountName : 'default';
}

/** Annotations whose values few pods share: which traffic is captured, and the resources of the proxy. */
const OWN_ANNOTATIONS = /^traffic\.sidecar\.istio\.io\/|^sidecar\.istio\.io\/proxy(?:CPU|Memory)(?:Limit)?$/;

/** The rest of those that change the proxy itself. */
export type SharedAnnotations = Readonly<Partial<Record<ProxyAnnotation, string>>>;

/** The annotations of a pod that change its proxy: those whose values are its own, and the others. */
export function proxyAnnotations({ annotations }: TemplateInput): {
  own: Readonly<Record<string, string>> | undefined;
  shared: SharedAnnotations | undefined;
} {
  let own: Record<string, string> | undefined;
  let shared: Record<string, string> | undefined;
  for (const name in annotations) {
    if (!name.includes('sidecar.istio.io/') && !OTHER_ANNOTATIONS.some((other) => other === name)) continue;
    const value = annotations[name] ?? '';
    if (OWN_ANNOTATIONS.test(name)) (own ??= {})[name] = value;
    else (shared ??= {})[name] = value;
  }
  return { own, shared };
}

function sortedEntries(value: Json | undefined): [string, string][] {
  if (!isJsonObject(value)) return [];
  const entries = Object.entries(value).map(([key, item]): [string, string] => [key, goText(item)]);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The pod's annotation, else the default as Go prints it. */
export function annotationOr(
  { annotations }: Pick<ProxyInput, 'annotations'>,
  name: ProxyAnnotation,
  fallback: Json | undefined,
): string {
  return annotations[name] ?? goText(fallback);
}

/** Text of an annotation that the templates quote, as the template's reader gets it; `read` is how releases before read it. */
export function quotedSince<T>({ context }: ProxyInput, text: string, read: () => T): string | T {
  return context.traits.quotesAnnotations ? text : read();
}

/** The metadata of the proxy with that name. */
export function proxyMetadataOf({ context }: ProxyInput, name: string): Json | undefined {
  const { proxyMetadata } = context.proxyConfig;
  return isJsonObject(proxyMetadata) ? proxyMetadata[name] : undefined;
}

/** How the ProxyConfig says traffic is captured. */
export function configuredInterceptionMode({ context }: ProxyInput): string {
  const { interceptionMode } = context.proxyConfig;
  return typeof interceptionMode === 'string' && interceptionMode !== '' ? interceptionMode : 'REDIRECT';
}

/** How the pod's traffic is captured: REDIRECT, TPROXY or NONE. */
export function interceptionModeOf(input: ProxyInput): string {
  return input.annotations[INTERCEPTION_MODE_ANNOTATION] ?? configuredInterceptionMode(input);
}

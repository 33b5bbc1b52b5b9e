import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';
import { meshDependent, type CompiledInjectionConfig } from './compile-injection-config.ts';
import { inject, type InjectionResult } from './inject.ts';
import { ownerOf, type PodOwner } from './pod-owner.ts';
import { compileProxyConfigs, overrideProxyConfig, parsedAnnotation, PROXY_CONFIG_ANNOTATION } from './proxy-config.ts';
import { InjectionError, type Pod } from './template-context.ts';
import { findPodPath, podOfDocument } from './workload-pods.ts';

/** What happened to one workload of a document. */
export interface WorkloadInjection {
  kind: string;
  name: string;
  result: InjectionResult;
}

export interface DocumentInjection {
  /** The document with its workloads injected; the same object when nothing was. */
  document: JsonObject;
  workloads: WorkloadInjection[];
}

/**
 * A configuration for files, as `istioctl kube-inject` reads it: everything is injected that does not opt out, by the
 * sidecar template; no ProxyConfig resources, no namespaces.
 */
export function fileInjectionConfig(config: CompiledInjectionConfig): CompiledInjectionConfig {
  return {
    ...config,
    policy: 'enabled',
    neverInjectSelectors: [],
    alwaysInjectSelectors: [],
    defaultTemplates: ['sidecar'],
    aliases: {},
    injectedAnnotations: {},
    proxyConfigs: compileProxyConfigs(config.mesh, []),
    openShift: false,
  };
}

/** Injects the workloads of one document: a workload, a pod, or a List of them; others stay as they are. */
export function injectDocument(document: JsonObject, config: CompiledInjectionConfig): DocumentInjection {
  if (document.kind === 'List' && Array.isArray(document.items)) {
    const items = document.items.map((item) =>
      isJsonObject(item) ? injectDocument(item, config) : { document: item, workloads: [] },
    );
    const workloads = items.flatMap((item) => item.workloads);
    return {
      document: workloads.length === 0 ? document : { ...document, items: items.map((item) => item.document) },
      workloads,
    };
  }
  const path = findPodPath(document);
  const pod = podOfDocument(document);
  if (!path || !pod) return { document, workloads: [] };
  const kind = typeof document.kind === 'string' ? document.kind : '';
  const owner = kind === 'Pod' ? ownerOf(pod) : ownerOfDocument(document);
  const result = injectFilePod(pod, owner, config);
  const workloads = [{ kind, name: owner.deploymentMeta.name, result }];
  if (result.outcome !== 'injected') return { document, workloads };
  const withMetadata = withValueAt(document, path.metadata, result.pod.metadata as JsonObject);
  return { document: withValueAt(withMetadata, path.spec, result.pod.spec), workloads };
}

function ownerOfDocument(document: JsonObject): PodOwner {
  const metadata = isJsonObject(document.metadata) ? document.metadata : {};
  const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
  return {
    typeMeta: { apiVersion: text(document.apiVersion), kind: text(document.kind) },
    deploymentMeta: { name: text(metadata.name), namespace: text(metadata.namespace) },
  };
}

function injectFilePod(pod: Pod, owner: PodOwner, config: CompiledInjectionConfig): InjectionResult {
  const annotation = pod.metadata.annotations?.[PROXY_CONFIG_ANNOTATION];
  try {
    const own = annotation === undefined ? config : withMeshOverride(config, annotation);
    return inject({ pod, namespace: '', owner }, own);
  } catch (error) {
    if (!(error instanceof InjectionError)) throw error;
    const message = `annotation ${PROXY_CONFIG_ANNOTATION}: ${error.message}`;
    return { outcome: 'denied', reason: 'InvalidAnnotation', message };
  }
}

/** In files the annotation counts as the mesh's own setting, so that it also moves the status port of probes. */
function withMeshOverride(config: CompiledInjectionConfig, annotation: string): CompiledInjectionConfig {
  const general = isJsonObject(config.mesh.defaultConfig) ? config.mesh.defaultConfig : {};
  const mesh = { ...config.mesh, defaultConfig: overrideProxyConfig(general, parsedAnnotation(annotation)) };
  return { ...config, ...meshDependent(mesh), proxyConfigs: compileProxyConfigs(mesh, []) };
}

function withValueAt(object: JsonObject, [key = '', ...rest]: readonly string[], value: JsonObject): JsonObject {
  const inner = object[key];
  return { ...object, [key]: rest.length === 0 ? value : withValueAt(isJsonObject(inner) ? inner : {}, rest, value) };
}

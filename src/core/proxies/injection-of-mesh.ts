import { REVISION_LABEL } from '../../api/istio-names.ts';
import { MANAGED_LABEL } from '../../api/our-names.ts';
import { compileInjectionConfig, type CompiledInjectionConfig } from '../inject/compile-injection-config.ts';
import { readControlPlaneConfig } from '../inject/control-plane-config.ts';
import {
  findControlPlane,
  INJECTOR,
  nameInRevision,
  type ControlPlaneObjects,
} from '../inject/control-plane-objects.ts';
import type { InjectionConfig } from '../inject/injection-config.ts';
import type { PodWebhook } from '../inject/injection-webhooks.ts';
import type { ProxyConfigResource } from '../inject/proxy-config.ts';
import { DEFAULT_REVISION, parseRevisionPath, type PathRevision } from '../inject/revision-path.ts';
import { InjectionError } from '../inject/template-context.ts';
import { isJsonObject, type KubeObject } from '../kube-object.ts';
import type { MeshState } from '../mesh/mesh-state.ts';
import type { ReviewSurroundings } from './review-proxy.ts';

/**
 * What injection knows, from what was read of a cluster: webhooks, ConfigMaps and Deployments of control planes,
 * namespaces, Nodes and ProxyConfigs; and by its labels what the operator wrote. Each configuration is compiled once, when first asked for.
 */
export function injectionOfMesh(mesh: MeshState): ReviewSurroundings {
  const { webhooks, namespaces, objects } = mesh;
  const configs = new Map<string, CompiledInjectionConfig | { problem: string }>();
  const ours = objects.filter(({ metadata }) => metadata.labels?.[MANAGED_LABEL] === 'true');
  const installed = new Set(ours.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`));
  return {
    webhooks,
    namespaceOf: (name) => namespaces.get(name),
    configOf: (webhook) => {
      const { revision, namespace } = controlPlaneOf(webhook);
      const key = `${namespace}/${revision}`;
      const known = configs.get(key) ?? compileFor({ revision, namespace }, objects);
      configs.set(key, known);
      return known;
    },
    isInstalled: (kind, { namespace, name }) => installed.has(`${kind} ${namespace}/${name}`),
  };
}

/** Istiod's own webhooks name their revision by a label, ours by the path. */
function controlPlaneOf({ path, revisions }: PodWebhook): PathRevision {
  const { revision, namespace } = parseRevisionPath(path);
  const [labelled = DEFAULT_REVISION] = revisions;
  return { namespace, revision: revision === '' && labelled !== DEFAULT_REVISION ? labelled : revision };
}

function compileFor(
  plane: PathRevision,
  objects: readonly KubeObject[],
): CompiledInjectionConfig | { problem: string } {
  const { revision, namespace } = plane;
  const own = objects.filter(({ metadata }) => metadata.namespace === namespace);
  const found =
    findControlPlane(own, revision) ?? (revision === '' ? findControlPlane(own, DEFAULT_REVISION) : undefined);
  const name = `ConfigMap ${namespace}/${nameInRevision(INJECTOR, revision)}`;
  if (!found) return { problem: `${name} does not exist, or cannot be read` };
  try {
    return compileInjectionConfig(configFrom(found, objects));
  } catch (error) {
    if (error instanceof InjectionError) return { problem: `${name}: ${error.message}` };
    throw error;
  }
}

function configFrom(found: ControlPlaneObjects, objects: readonly KubeObject[]): InjectionConfig {
  const nodes = objects.filter(({ kind }) => kind === 'Node').map(nodeOf);
  const proxyConfigs = objects.filter((object) => object.kind === 'ProxyConfig' && isOf(object, found.revision));
  return { ...readControlPlaneConfig(found), nodes, proxyConfigs: proxyConfigs.map(proxyConfigOf) };
}

function nodeOf({ metadata, status }: KubeObject): { name: string; kubeletVersion: string } {
  const { nodeInfo } = isJsonObject(status) ? status : {};
  const version = isJsonObject(nodeInfo) ? nodeInfo.kubeletVersion : undefined;
  return { name: metadata.name, kubeletVersion: typeof version === 'string' ? version : '' };
}

function isOf({ metadata }: KubeObject, revision: string): boolean {
  const wanted = revision || DEFAULT_REVISION;
  return (metadata.labels?.[REVISION_LABEL] ?? wanted) === wanted;
}

function proxyConfigOf({ metadata, spec }: KubeObject): ProxyConfigResource {
  const { name, namespace = '', creationTimestamp } = metadata;
  return {
    name,
    namespace,
    creationTimestamp: typeof creationTimestamp === 'string' ? creationTimestamp : '',
    spec: isJsonObject(spec) ? spec : {},
  };
}

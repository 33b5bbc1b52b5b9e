import { parse } from 'yaml';
import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';
import { KUBERNETES_YAML } from '../values/yaml-input.ts';
import type { InjectionConfig, InjectionEnvironment } from './injection-config.ts';
import type { LabelSelector } from '../label-selector.ts';
import { InjectionError } from './template-context.ts';

/** What the cluster holds of one control plane, as far as injection reads it. */
export interface ControlPlaneObjects {
  /** Empty for the revision without a name. */
  revision: string;
  /** Label {@link VERSION_LABEL} of the injector's ConfigMap: the release of the charts that it is from. */
  version?: string | undefined;
  /** Data of ConfigMap `istio-sidecar-injector[-REVISION]`. */
  injector: Readonly<Record<string, string>>;
  /** Data of ConfigMap `istio[-REVISION]`; without it the mesh has istiod's defaults. */
  mesh?: Readonly<Record<string, string>>;
  /** Variables of istiod's container; without them, what the values say of them. */
  env?: Readonly<Record<string, string>>;
}

/** On all objects of Istio's charts: the release that they are from. */
export const VERSION_LABEL = 'app.kubernetes.io/version';

/** Templates for the workloads of istiod's Gateway API controller; no pod can be injected with them. */
const GATEWAY_TEMPLATES: readonly string[] = ['kube-gateway', 'waypoint', 'agentgateway', 'agentgateway-waypoint'];

/** Reads the configuration of injection from a control plane's objects. @throws InjectionError for text that is none */
export function readControlPlaneConfig({
  revision,
  version,
  injector,
  mesh,
  env,
}: ControlPlaneObjects): InjectionConfig {
  const values = readObject(injector.values, 'values');
  const config = readObject(injector.config, 'config');
  return {
    revision,
    ...(version === undefined ? {} : { version }),
    values,
    meshConfig: readObject(mesh?.mesh, 'mesh'),
    env: readEnvironment(values, env),
    ...(typeof config.policy === 'string' ? { policy: config.policy } : {}),
    ...selectorsOf(config),
    ...(isJsonObject(config.aliases) ? { aliases: config.aliases as Record<string, string[]> } : {}),
    ...(Array.isArray(config.defaultTemplates) ? { defaultTemplates: config.defaultTemplates.filter(isText) } : {}),
    ...(isJsonObject(config.templates) ? { templates: podTemplates(config.templates) } : {}),
    ...(isJsonObject(config.injectedAnnotations) ? { injectedAnnotations: textsOf(config.injectedAnnotations) } : {}),
  };
}

function selectorsOf(config: JsonObject): Pick<InjectionConfig, 'neverInjectSelector' | 'alwaysInjectSelector'> {
  const selectors = (list: Json | undefined): LabelSelector[] => (Array.isArray(list) ? list.filter(isJsonObject) : []);
  return {
    neverInjectSelector: selectors(config.neverInjectSelector),
    alwaysInjectSelector: selectors(config.alwaysInjectSelector),
  };
}

function readObject(text: string | undefined, key: string): JsonObject {
  if (text === undefined || text.trim() === '') return {};
  const value = parsed(text, key);
  if (value === null || value === undefined) return {};
  if (!isJsonObject(value)) throw new InjectionError(`data.${key}: not a map of settings`);
  return value;
}

function parsed(text: string, key: string): unknown {
  try {
    // The renderer writes JSON where it can, and JSON is read a hundred times faster.
    return text.startsWith('{') ? JSON.parse(text) : parse(text, KUBERNETES_YAML);
  } catch (error) {
    const cause = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new InjectionError(`data.${key}: ${cause}`);
  }
}

/** Istiod's environment: its container's, else what the chart makes of the values. */
function readEnvironment(values: JsonObject, env: Readonly<Record<string, string>> = {}): InjectionEnvironment {
  const set = section(section(values, 'pilot'), 'env');
  const global = section(values, 'global');
  const platform = printed(global.platform) ?? printed(values.platform);
  const cluster = printed(section(global, 'multiCluster').clusterName);
  return {
    ...(platform === undefined ? {} : { PLATFORM: platform }),
    ...(cluster ? { CLUSTER_ID: cluster } : {}),
    ...textsOf(set),
    ...env,
  };
}

function section(values: JsonObject, name: string): JsonObject {
  const value = values[name];
  return isJsonObject(value) ? value : {};
}

function printed(value: Json | undefined): string | undefined {
  return typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number'
    ? String(value)
    : undefined;
}

function isText(value: Json): value is string {
  return typeof value === 'string';
}

function textsOf(object: JsonObject): Record<string, string> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, printed(value) ?? '']));
}

function podTemplates(templates: JsonObject): Record<string, string> {
  return textsOf(Object.fromEntries(Object.entries(templates).filter(([name]) => !GATEWAY_TEMPLATES.includes(name))));
}

import { parse } from 'yaml';
import { errorLine } from '../error-text.ts';
import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';
import { KUBERNETES_YAML } from '../values/yaml-input.ts';
import type { InjectionConfig, InjectionEnvironment } from './injection-config.ts';
import type { ControlPlaneObjects } from './control-plane-objects.ts';
import type { LabelSelector } from '../label-selector.ts';
import { InjectionError } from './template-context.ts';

/** Templates for the workloads of istiod's Gateway API controller; no pod can be injected with them. */
const GATEWAY_TEMPLATES: readonly string[] = ['kube-gateway', 'waypoint', 'agentgateway', 'agentgateway-waypoint'];

/** As istiod reads it: of two equal keys the last counts. Without "silent" broken text is an error. */
const CONFIG_YAML = { ...KUBERNETES_YAML, logLevel: 'error', uniqueKeys: false } as const;

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
    ...(isJsonObject(config.templates) ? templatesOf(config.templates) : {}),
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
    return readJson(text) ?? parse(text, CONFIG_YAML);
  } catch (error) {
    const cause = errorLine(error);
    throw new InjectionError(`data.${key}: ${cause}`);
  }
}

/** The renderer writes JSON where it can, and JSON is read a hundred times faster; undefined for other text. */
function readJson(text: string): unknown {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // A map of YAML begins alike, and the reader of YAML tells better what is wrong.
    return undefined;
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

function templatesOf(templates: JsonObject): Pick<InjectionConfig, 'templates' | 'gatewayTemplates'> {
  const isForGateways = ([name]: [string, unknown]): boolean => GATEWAY_TEMPLATES.includes(name);
  const entries = Object.entries(textsOf(templates));
  return {
    templates: Object.fromEntries(entries.filter((entry) => !isForGateways(entry))),
    gatewayTemplates: Object.fromEntries(entries.filter(isForGateways)),
  };
}

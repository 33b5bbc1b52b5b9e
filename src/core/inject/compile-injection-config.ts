import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';
import type { InjectionPolicy } from './decide.ts';
import type { InjectionConfig } from './injection-config.ts';
import type { LabelSelector } from '../label-selector.ts';
import type { WorkMeter } from '../work-meter.ts';
import { compileSelector } from './compile-selector.ts';
import { meshConfigWithDefaults } from './mesh-config.ts';
import { compileNodes, type NodeVersions } from './native-sidecar.ts';
import { compileProxyConfigs, type ProxyConfigs } from './proxy-config.ts';
import { imageSettings, type ImageSettings } from './proxy-image.ts';
import { InjectionError, type InjectionTemplate } from './template-context.ts';
import { compileTemplate } from './templates/custom-template.ts';
import { injectionTemplates } from './templates/index.ts';
import { knownFields } from './user-part.ts';
import { findRelease } from '../istio/find-release.ts';
import type { IstioTraits } from '../istio/traits.ts';

/** A configuration with everything computed that does not depend on the pod. */
export interface CompiledInjectionConfig extends InjectionPolicy {
  templates: ReadonlyMap<string, InjectionTemplate>;
  defaultTemplates: readonly string[];
  aliases: Readonly<Record<string, readonly string[]>>;
  injectedAnnotations: Readonly<Record<string, string>>;
  mesh: JsonObject;
  /** The status port of the mesh, which the agent listens on. */
  statusPort: number;
  proxyConfigs: ProxyConfigs;
  values: JsonObject;
  images: ImageSettings;
  revision: string;
  nativeSidecars: string;
  /** The cluster's nodes; a caller that watches them replaces this alone. */
  nodes: NodeVersions | undefined;
  openShift: boolean;
  compliancePolicy: string;
  /** The cluster that the nodes belong to. */
  ownCluster: string;
  /** Istiod's environment, for templates. */
  environment: Readonly<Record<string, string | undefined>>;
  inboundTrafficPolicyMode: string;
  /** Cluster and network from the values; empty when they name none. */
  cluster: string;
  network: string;
  /** `global.proxy.holdApplicationUntilProxyStarts`. */
  holdInValues: boolean;
  rewriteProbes: boolean;
  /** What the release of the control plane does. */
  traits: IstioTraits;
}

const DEFAULT_TEMPLATE = 'sidecar';
export const DEFAULT_CLUSTER = 'Kubernetes';

export interface CompileSettings {
  /** Counts what custom templates cost when they run. */
  meter?: WorkMeter;
  /** A custom template that cannot be read fails for the pods that it is for, and for no others. */
  isLenient?: boolean;
}

/**
 * Prepares a configuration for {@link inject}: parses templates and selectors, fills in defaults, merges the
 * ProxyConfigs that do not depend on the pod.
 * @throws InjectionError when the mesh configuration or, unless lenient, a custom template is wrong.
 */
export function compileInjectionConfig(
  config: InjectionConfig,
  settings: CompileSettings = {},
): CompiledInjectionConfig {
  const { traits } = findRelease(config.version);
  const mesh = meshConfigWithDefaults(config.meshConfig ?? {});
  const values = injectionValues(config.values);
  return {
    ...injectorSettings(config, values, { ...settings, traits }),
    ...environmentSettings(config),
    ...valuesSettings(values),
    ...meshDependent(mesh),
    proxyConfigs: compileProxyConfigs(mesh, config.proxyConfigs ?? []),
    revision: config.revision ?? '',
    traits,
    nodes: config.nodes && compileNodes(config.nodes),
  };
}

type Settings<K extends keyof CompiledInjectionConfig> = Pick<CompiledInjectionConfig, K>;

/** What the injector's own configuration says, else the values from which the chart would make it. */
function injectorSettings(
  config: InjectionConfig,
  values: JsonObject,
  settings: CompileSettings & { traits: IstioTraits },
): InjectionPolicy & Settings<'templates' | 'defaultTemplates' | 'aliases' | 'injectedAnnotations'> {
  const { proxy, webhook } = sections(values);
  const never = config.neverInjectSelector ?? selectors(webhook.neverInjectSelector);
  const always = config.alwaysInjectSelector ?? selectors(webhook.alwaysInjectSelector);
  return {
    policy: config.policy ?? textOf(proxy.autoInject),
    neverInjectSelectors: never.map(compileSelector),
    alwaysInjectSelectors: always.map(compileSelector),
    templates: compiledTemplates(config.templates ?? texts(webhook.templates), settings),
    defaultTemplates: nonEmpty(config.defaultTemplates) ?? nonEmpty(webhook.defaultTemplates) ?? [DEFAULT_TEMPLATE],
    aliases: config.aliases ?? {},
    injectedAnnotations: config.injectedAnnotations ?? texts(webhook.injectedAnnotations),
  };
}

function environmentSettings({
  env = {},
}: InjectionConfig): Settings<'nativeSidecars' | 'openShift' | 'compliancePolicy' | 'ownCluster' | 'environment'> {
  return {
    nativeSidecars: env.ENABLE_NATIVE_SIDECARS ?? 'auto',
    openShift: env.PLATFORM === 'openshift',
    compliancePolicy: env.COMPLIANCE_POLICY ?? '',
    ownCluster: env.CLUSTER_ID ?? DEFAULT_CLUSTER,
    environment: env,
  };
}

function valuesSettings(
  values: JsonObject,
): Settings<'values' | 'images' | 'cluster' | 'network' | 'holdInValues' | 'rewriteProbes'> {
  const { global, proxy, webhook } = sections(values);
  return {
    values,
    images: imageSettings(values),
    cluster: textOf(section(global, 'multiCluster').clusterName),
    network: textOf(global.network),
    holdInValues: proxy.holdApplicationUntilProxyStarts === true,
    rewriteProbes: webhook.rewriteAppHTTPProbe === true,
  };
}

/** What follows from the mesh configuration alone. */
export function meshDependent(
  mesh: JsonObject,
): Pick<CompiledInjectionConfig, 'mesh' | 'statusPort' | 'inboundTrafficPolicyMode'> {
  const statusPort = section(mesh, 'defaultConfig').statusPort;
  return {
    mesh,
    statusPort: typeof statusPort === 'number' ? statusPort : 0,
    inboundTrafficPolicyMode: section(mesh, 'inboundTrafficPolicy').mode === 'LOCALHOST' ? 'localhost' : 'passthrough',
  };
}

/** The part of the Helm values that the chart hands to the injector; templates see no other. */
function injectionValues(values: JsonObject): JsonObject {
  const pick = (from: JsonObject, names: readonly string[]): JsonObject =>
    Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])));
  const subset = pick(values, ['global', 'sidecarInjectorWebhook', 'revision']);
  if (isJsonObject(values.pilot)) subset.pilot = pick(values.pilot, ['cni', 'env']);
  if (isJsonObject(values.gateways)) subset.gateways = pick(values.gateways, ['securityContext', 'seccompProfile']);
  return subset;
}

function sections(values: JsonObject): { global: JsonObject; proxy: JsonObject; webhook: JsonObject } {
  const global = section(values, 'global');
  return { global, proxy: section(global, 'proxy'), webhook: section(values, 'sidecarInjectorWebhook') };
}

function section(values: JsonObject, name: string): JsonObject {
  const value = values[name];
  return isJsonObject(value) ? value : {};
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function texts(value: Json | undefined): Record<string, string> {
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, typeof item === 'string' ? item : JSON.stringify(item)]),
  );
}

function selectors(value: Json | undefined): readonly LabelSelector[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function nonEmpty(value: Json | readonly string[] | undefined): readonly string[] | undefined {
  return Array.isArray(value) && value.length > 0 ? (value as string[]) : undefined;
}

function compiledTemplates(
  custom: Readonly<Record<string, string>>,
  settings: CompileSettings & { traits: IstioTraits },
): Map<string, InjectionTemplate> {
  const templates = new Map(Object.entries(injectionTemplates(settings.traits)));
  for (const [name, text] of Object.entries(custom)) templates.set(name, customTemplate(name, text, settings));
  return templates;
}

/** A template of the user's: like Istio, fields that no pod has are passed over. */
function customTemplate(name: string, text: string, { meter, isLenient }: CompileSettings): InjectionTemplate {
  try {
    const template = compileTemplate(text, meter ? { name, meter } : { name });
    return (context) => knownFields(template(context) as JsonObject, 'Pod');
  } catch (error) {
    if (!isLenient || !(error instanceof InjectionError)) throw error;
    return () => {
      throw error;
    };
  }
}

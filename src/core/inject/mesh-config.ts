import { USUAL_NAMESPACE } from '../../api/istio-names.ts';
import { meshOutline } from '../../api/mesh/decode-mesh.ts';
import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';
import { compareBytes } from './go-json.ts';
import { DEFAULT_PROXY_CONFIG, overrideProxyConfig, parsedProxyConfig } from './proxy-config.ts';
import { protoForm, withoutZeros } from './proto-json.ts';

/** What istiod takes for every setting of the mesh that nobody wrote. */
const DEFAULT_MESH_CONFIG: JsonObject = {
  proxyListenPort: 15001,
  proxyInboundListenPort: 15006,
  connectTimeout: '10s',
  protocolDetectionTimeout: '0s',
  ingressClass: 'istio',
  ingressService: 'istio-ingressgateway',
  ingressControllerMode: 'STRICT',
  enableTracing: true,
  outboundTrafficPolicy: { mode: 'ALLOW_ANY' },
  inboundTrafficPolicy: {},
  enableAutoMtls: true,
  trustDomain: 'cluster.local',
  defaultServiceExportTo: ['*'],
  defaultVirtualServiceExportTo: ['*'],
  defaultDestinationRuleExportTo: ['*'],
  rootNamespace: USUAL_NAMESPACE,
  localityLbSetting: { enabled: true },
  dnsRefreshRate: '60s',
  enablePrometheusMerge: true,
  defaultProviders: {},
  extensionProviders: [
    { name: 'prometheus', prometheus: {} },
    { name: 'stackdriver', stackdriver: {} },
    { name: 'envoy', envoyFileAccessLog: { path: '/dev/stdout' } },
  ],
};

/**
 * A mesh configuration with istiod's defaults below it: fields override, `defaultConfig` and `defaultProviders` merge,
 * `extensionProviders` merge by name.
 * @throws InjectionError when a field has the wrong type.
 */
export function meshConfigWithDefaults(config: JsonObject): JsonObject {
  const own = protoForm(meshOutline('MeshConfig'), config, { path: 'meshConfig', keepZeros: true });
  const merged: JsonObject = { ...DEFAULT_MESH_CONFIG, ...own };
  merged.defaultProviders = { ...asObject(DEFAULT_MESH_CONFIG.defaultProviders), ...asObject(own.defaultProviders) };
  merged.extensionProviders = mergedProviders(DEFAULT_MESH_CONFIG.extensionProviders, own.extensionProviders);
  if (Array.isArray(own.trustDomainAliases)) {
    merged.trustDomainAliases = [...new Set(own.trustDomainAliases as string[])].sort(compareBytes);
  }
  merged.defaultConfig = overrideProxyConfig(
    DEFAULT_PROXY_CONFIG,
    parsedProxyConfig(config.defaultConfig ?? {}, 'meshConfig.defaultConfig'),
  );
  return withoutZeros(meshOutline('MeshConfig'), merged);
}

function asObject(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function mergedProviders(defaults: Json | undefined, own: Json | undefined): Json {
  const merged = (Array.isArray(defaults) ? defaults : []).filter(isJsonObject);
  for (const provider of Array.isArray(own) ? own.filter(isJsonObject) : []) {
    const at = merged.findIndex((known) => known.name === provider.name);
    if (at < 0) merged.push(provider);
    else merged[at] = provider;
  }
  return merged;
}

import type { ClientTlsSettings } from '../../api/networking/client-tls-settings.ts';
import type { TrafficPolicy } from '../../api/networking/traffic-policy.ts';
import type { Resource } from '../analyze/resource.ts';
import type { ChosenRule, Sourced } from './destination-rules.ts';

/** How a DestinationRule makes clients connect. */
export type ClientMode = 'DISABLE' | 'SIMPLE' | 'MUTUAL' | 'ISTIO_MUTUAL';

/** What a DestinationRule says of TLS to a port of a service; no mode: the mesh finds out by itself. */
export interface ClientSetting {
  mode?: ClientMode;
  by?: Resource;
  /** In the resource: `spec.trafficPolicy.tls.mode`. */
  path?: string;
  /** Names a Secret, which sidecars do not read unless the rule is for chosen clients. */
  needsSecret?: boolean;
  /**
   * What istiod tells of each endpoint is decided by the policy for the host, where that of the port says nothing of
   * TLS: mutual TLS, or none.
   */
  endpoints?: 'mtls' | 'plain';
}

/** Which port of a service, and which part of it. */
export interface Aim {
  port: number;
  subset?: string | undefined;
}

interface Part {
  tls?: ClientTlsSettings | undefined;
  /** Whether settings of the port stand in for all of the policy. */
  isOfPort: boolean;
  path: string;
  by: Resource;
}

/**
 * How a rule makes clients connect. Settings for a port replace those for the host as a whole, with their TLS, even
 * where they say nothing of it; those for a subset come on top.
 */
export function clientSetting(rule: ChosenRule | undefined, { port, subset }: Aim): ClientSetting {
  if (!rule) return {};
  const policies = policiesFor(rule, subset);
  const parts = policies.map(({ policy, path }) => partOf(policy, path, port));
  const part = parts.find(({ tls, isOfPort }) => tls || isOfPort) ?? parts.at(-1);
  if (part?.tls) return settingOf(part, part.tls, rule);
  const told = policies.map(({ policy }) => toldOfEndpoints(policy.value, port)).find((mode) => mode !== undefined);
  return told && part ? { endpoints: told === 'ISTIO_MUTUAL' ? 'mtls' : 'plain', by: part.by, path: part.path } : {};
}

/** The policies for a subset, or the host, the narrowest first. */
function policiesFor(
  { subsets, trafficPolicy }: ChosenRule,
  name: string | undefined,
): { policy: Sourced<TrafficPolicy>; path: string }[] {
  const { by, value } = subsets.find((each) => each.value.name === name) ?? {};
  const narrow = by && value?.trafficPolicy;
  return [
    ...(narrow ? [{ policy: { value: narrow, by }, path: `spec.subsets[${String(name)}].trafficPolicy` }] : []),
    ...(trafficPolicy ? [{ policy: trafficPolicy, path: 'spec.trafficPolicy' }] : []),
  ];
}

function settingOf({ by, path }: Part, tls: ClientTlsSettings, rule: ChosenRule): ClientSetting {
  const { credentialName = '' } = tls;
  // A ConfigMap may be read by anybody.
  const isSecret = credentialName !== '' && !credentialName.startsWith('configmap://');
  return {
    mode: modeOf(tls),
    by,
    path: `${path}.tls.mode`,
    ...(isSecret && rule.selector === undefined ? { needsSecret: true } : {}),
  };
}

function partOf({ value, by }: Sourced<TrafficPolicy>, path: string, port: number): Part {
  const ofPort = value.portLevelSettings?.findIndex((each) => each.port?.number === port) ?? -1;
  if (ofPort < 0) return { tls: value.tls, isOfPort: false, path, by };
  const { tls } = value.portLevelSettings?.[ofPort] ?? {};
  return { tls, isOfPort: true, path: `${path}.portLevelSettings[${ofPort}]`, by };
}

/** istiod tells of endpoints by the first TLS setting of the port, else by that of the host. */
function toldOfEndpoints(policy: TrafficPolicy | undefined, port: number): ClientMode | undefined {
  const ofPort = policy?.portLevelSettings?.find((each) => each.port?.number === port && each.tls);
  const tls = ofPort?.tls ?? policy?.tls;
  return tls && modeOf(tls);
}

/** TLS settings without a mode switch it off. */
function modeOf({ mode }: ClientTlsSettings): ClientMode {
  return typeof mode === 'string' ? mode : 'DISABLE';
}

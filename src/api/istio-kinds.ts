import type { z } from 'zod';
import { trafficExtension } from './extensions/traffic-extension.ts';
import { wasmPlugin } from './extensions/wasm-plugin.ts';
import { destinationRule } from './networking/destination-rule.ts';
import { envoyFilter } from './networking/envoy-filter.ts';
import { gateway } from './networking/gateway.ts';
import { proxyConfig } from './networking/proxy-config.ts';
import { serviceEntry } from './networking/service-entry.ts';
import { sidecar } from './networking/sidecar.ts';
import { virtualService } from './networking/virtual-service.ts';
import { workloadEntry } from './networking/workload-entry.ts';
import { workloadGroup } from './networking/workload-group.ts';
import { authorizationPolicy } from './security/authorization-policy.ts';
import { peerAuthentication } from './security/peer-authentication.ts';
import { requestAuthentication } from './security/request-authentication.ts';
import { telemetry } from './telemetry/telemetry.ts';

/** The schema of the spec of each of Istio's kinds, by the name of the kind. */
export const SPEC_SCHEMAS = {
  AuthorizationPolicy: authorizationPolicy,
  DestinationRule: destinationRule,
  EnvoyFilter: envoyFilter,
  Gateway: gateway,
  PeerAuthentication: peerAuthentication,
  ProxyConfig: proxyConfig,
  RequestAuthentication: requestAuthentication,
  ServiceEntry: serviceEntry,
  Sidecar: sidecar,
  Telemetry: telemetry,
  TrafficExtension: trafficExtension,
  VirtualService: virtualService,
  WasmPlugin: wasmPlugin,
  WorkloadEntry: workloadEntry,
  WorkloadGroup: workloadGroup,
} as const;

/** The name of one of Istio's kinds. */
export type IstioKindName = keyof typeof SPEC_SCHEMAS;
/** The decoded spec of a kind. */
export type SpecOf<K extends IstioKindName> = z.infer<(typeof SPEC_SCHEMAS)[K]>;

/** The API group of each kind; every version that is served has the same fields. */
export const KIND_GROUPS: Readonly<Record<IstioKindName, string>> = {
  AuthorizationPolicy: 'security.istio.io',
  DestinationRule: 'networking.istio.io',
  EnvoyFilter: 'networking.istio.io',
  Gateway: 'networking.istio.io',
  PeerAuthentication: 'security.istio.io',
  ProxyConfig: 'networking.istio.io',
  RequestAuthentication: 'security.istio.io',
  ServiceEntry: 'networking.istio.io',
  Sidecar: 'networking.istio.io',
  Telemetry: 'telemetry.istio.io',
  TrafficExtension: 'extensions.istio.io',
  VirtualService: 'networking.istio.io',
  WasmPlugin: 'extensions.istio.io',
  WorkloadEntry: 'networking.istio.io',
  WorkloadGroup: 'networking.istio.io',
};

/** The kind that a group and name mean, or undefined when it is not Istio's (`Gateway` is also Gateway API's). */
export function istioKind(group: string, kind: string): IstioKindName | undefined {
  return Object.hasOwn(KIND_GROUPS, kind) && KIND_GROUPS[kind as IstioKindName] === group
    ? (kind as IstioKindName)
    : undefined;
}

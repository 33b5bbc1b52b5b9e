import type { IstioKindName, SpecOf } from '../../api/istio-kinds.ts';
import { validateTrafficExtension } from './extensions/traffic-extension.ts';
import { validateWasmPlugin } from './extensions/wasm-plugin.ts';
import { validateEnvoyFilter } from './envoy-filter/envoy-filter.ts';
import type { Validator } from './finding.ts';
import { adviseDestinationRule, validateDestinationRule } from './networking/destination-rule.ts';
import { validateGateway } from './networking/gateway.ts';
import { validateProxyConfig } from './networking/proxy-config.ts';
import { validateServiceEntry } from './networking/service-entry.ts';
import { validateSidecar } from './networking/sidecar.ts';
import { adviseVirtualService, validateVirtualService } from './networking/virtual-service/index.ts';
import { validateWorkloadEntry } from './networking/workload-entry.ts';
import { validateWorkloadGroup } from './networking/workload-group.ts';
import { adviseAuthorizationPolicy, validateAuthorizationPolicy } from './security/authorization-policy.ts';
import { validatePeerAuthentication } from './security/peer-authentication.ts';
import { validateRequestAuthentication } from './security/request-authentication.ts';
import { validateTelemetry } from './telemetry/telemetry.ts';

type Registry = { readonly [K in IstioKindName]?: Validator<SpecOf<K>> };

/** What Istio says of each kind. */
const VALIDATORS: Registry = {
  AuthorizationPolicy: validateAuthorizationPolicy,
  DestinationRule: validateDestinationRule,
  EnvoyFilter: validateEnvoyFilter,
  Gateway: validateGateway,
  PeerAuthentication: validatePeerAuthentication,
  ProxyConfig: validateProxyConfig,
  RequestAuthentication: validateRequestAuthentication,
  ServiceEntry: validateServiceEntry,
  Sidecar: validateSidecar,
  Telemetry: validateTelemetry,
  TrafficExtension: validateTrafficExtension,
  VirtualService: validateVirtualService,
  WasmPlugin: validateWasmPlugin,
  WorkloadEntry: validateWorkloadEntry,
  WorkloadGroup: validateWorkloadGroup,
};
/** What we add to it, as warnings. */
const ADVISERS: Registry = {
  AuthorizationPolicy: adviseAuthorizationPolicy,
  DestinationRule: adviseDestinationRule,
  VirtualService: adviseVirtualService,
};

const NOTHING = (): [] => [];

/** The validator of a kind. */
export function validatorOf<K extends IstioKindName>(kind: K): Validator<SpecOf<K>> {
  return (VALIDATORS as { readonly [N in IstioKindName]?: Validator<SpecOf<K>> })[kind] ?? NOTHING;
}

/** The adviser of a kind; most have none. */
export function adviserOf<K extends IstioKindName>(kind: K): Validator<SpecOf<K>> {
  return (ADVISERS as { readonly [N in IstioKindName]?: Validator<SpecOf<K>> })[kind] ?? NOTHING;
}

import type { EnvoyConfigObjectPatch, EnvoyFilter, EnvoyPatch } from '../../../api/networking/envoy-filter.ts';
import type { JsonObject } from '../../kube-object.ts';
import type { Finding, Subject } from '../finding.ts';
import { Findings } from '../findings.ts';
import { checkWorkloadSelector } from '../rules/workload-selector.ts';
import { checkEnvoyMessage } from './decode-envoy-message.ts';
import { findMissingTypedConfigs } from './missing-typed-config.ts';
import { checkPatchMatch } from './patch-match.ts';

/** The message that a patch holds, for what it is applied to. */
const MESSAGE_OF: Readonly<Record<string, string>> = {
  CLUSTER: 'envoy.config.cluster.v3.Cluster',
  LISTENER: 'envoy.config.listener.v3.Listener',
  ROUTE_CONFIGURATION: 'envoy.config.route.v3.RouteConfiguration',
  FILTER_CHAIN: 'envoy.config.listener.v3.FilterChain',
  HTTP_FILTER: 'envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter',
  NETWORK_FILTER: 'envoy.config.listener.v3.Filter',
  VIRTUAL_HOST: 'envoy.config.route.v3.VirtualHost',
  HTTP_ROUTE: 'envoy.config.route.v3.Route',
  EXTENSION_CONFIG: 'envoy.config.core.v3.TypedExtensionConfig',
  BOOTSTRAP: 'envoy.config.bootstrap.v3.Bootstrap',
  LISTENER_FILTER: 'envoy.config.listener.v3.ListenerFilter',
};

/** Patches of the configuration that proxies get. */
export function validateEnvoyFilter({ spec }: Subject<EnvoyFilter>): Finding[] {
  const findings = new Findings();
  if (!checkWorkloadSelector(spec.workloadSelector, 'spec.workloadSelector', findings)) return findings.list;
  findings.warn(
    'spec',
    'InternalDetails',
    "changes Envoy's own configuration, which differs from release to release: test it before each upgrade",
  );
  spec.configPatches?.forEach((patch, i) => checkPatch(patch, `spec.configPatches[${i}]`, findings));
  return findings.list;
}

function checkPatch(patch: EnvoyConfigObjectPatch, path: string, findings: Findings): void {
  // Istio does not look at patches of waypoints.
  if (patch.match?.context === 'WAYPOINT') return;
  if ((patch.applyTo ?? 'INVALID') === 'INVALID') {
    findings.error(`${path}.applyTo`, 'ApplyToMissing', 'must say what is patched, such as HTTP_FILTER');
  } else if (checkOperation(patch.patch, `${path}.patch`, findings) && checkPatchMatch(patch, path, findings)) {
    const { value } = patch.patch ?? {};
    if (value) checkValue(value as JsonObject, patch.applyTo ?? '', `${path}.patch.value`, findings);
  }
}

function checkOperation(patch: EnvoyPatch | undefined, path: string, findings: Findings): boolean {
  const { operation = 'INVALID', value } = patch ?? {};
  if (!patch) findings.error(path, 'PatchMissing', 'must hold operation and value');
  else if (operation === 'INVALID') {
    findings.error(`${path}.operation`, 'OperationMissing', 'must say what is done, such as MERGE or INSERT_BEFORE');
  } else if (operation !== 'REMOVE' && !value) {
    findings.error(`${path}.value`, 'ValueMissing', `is needed for the operation ${operation}`);
  } else return true;
  return false;
}

function checkValue(value: JsonObject, applyTo: string | number, path: string, findings: Findings): void {
  const type = MESSAGE_OF[applyTo];
  if (type === undefined) {
    findings.error(path, 'ApplyToUnknown', `cannot be applied: there is no ${applyTo}`);
    return;
  }
  const { error, unknownFields } = checkEnvoyMessage(value, type, path);
  const [unknown] = unknownFields;
  if (error) findings.error(error.path, 'EnvoyConfigInvalid', error.message);
  else if (unknown) {
    const more = unknownFields.length > 1 ? `; ${unknownFields.length - 1} more fields are unknown` : '';
    findings.warn(unknown.path, 'EnvoyFieldUnknown', `${unknown.message}${more}`);
  } else {
    const missing = findMissingTypedConfigs(value, type, path);
    if (missing.length === 0) return;
    const message = `must have typed_config: Envoy finds extensions by its type, no longer by name (${missing.length} such)`;
    findings.warn(missing[0] ?? path, 'TypedConfigMissing', message);
  }
}

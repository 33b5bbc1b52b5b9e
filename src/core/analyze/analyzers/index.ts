import type { Analyzer } from '../analyzer.ts';
import { alphaAnnotations, annotations } from './annotations.ts';
import { applicationIds, applicationUid } from './application-uid.ts';
import { authorizationPolicies, authorizationPolicyNamespaces } from './authorization-policies.ts';
import { blockedCidrs } from './blocked-cidrs.ts';
import { conditions } from './conditions.ts';
import { conflictingGateways } from './conflicting-gateways.ts';
import { deploymentServices } from './deployment-services.ts';
import { deprecations } from './deprecations.ts';
import { destinationHosts } from './destination-hosts.ts';
import { destinationRuleCertificates } from './destination-rule-certificates.ts';
import { destinationRuleHosts, destinationRuleSubsets } from './destination-rule-subsets.ts';
import { destinationSubsets } from './destination-subsets.ts';
import { envoyFilterOperations } from './envoy-filter-operations.ts';
import { externalControlPlane } from './external-control-plane.ts';
import { externalHosts } from './external-hosts.ts';
import { gatewayApiVersions } from './gateway-api-versions.ts';
import { gatewayCertificates } from './gateway-certificates.ts';
import { gatewayPorts } from './gateway-ports.ts';
import { gatewaySecrets } from './gateway-secrets.ts';
import { gatewaySelectors } from './gateway-selectors.ts';
import { imageAuto } from './image-auto.ts';
import { injectionWebhooks } from './injection-webhooks.ts';
import { jwtClaimRoutes } from './jwt-claim-routes.ts';
import { meshNetworks } from './mesh-networks.ts';
import { multiClusterServices } from './multi-cluster-services.ts';
import { namespaceInjection } from './namespace-injection.ts';
import { emptyPolicies, policyPrincipals } from './policy-principals.ts';
import { listenerPorts, workloadPorts } from './proxy-ports.ts';
import { proxyImages } from './proxy-images.ts';
import { routeWeights } from './route-weights.ts';
import { schemaValidations } from './schema-validation.ts';
import { serviceEntryAddresses } from './service-entry-addresses.ts';
import { serviceEntryProtocols } from './service-entry-protocols.ts';
import { servicePortNames } from './service-port-names.ts';
import { sidecarDefaults, sidecarSelectors } from './sidecar-selectors.ts';
import { strictMutualTls } from './strict-mutual-tls.ts';
import { telemetryLightstep, telemetryProviders } from './telemetry-providers.ts';
import { telemetryDefaults, telemetrySelectors } from './telemetry-selectors.ts';
import { unservedLabels } from './unserved-labels.ts';
import { conflictingMeshGatewayHosts } from './virtual-service-hosts.ts';
import { virtualServiceGateways } from './virtual-service-gateways.ts';

/** Every analyzer that runs by default. */
export const ANALYZERS: readonly Analyzer[] = [
  annotations,
  applicationIds,
  applicationUid,
  authorizationPolicies,
  authorizationPolicyNamespaces,
  blockedCidrs,
  conditions,
  conflictingGateways,
  conflictingMeshGatewayHosts,
  deploymentServices,
  deprecations,
  destinationHosts,
  destinationRuleCertificates,
  destinationRuleHosts,
  destinationRuleSubsets,
  destinationSubsets,
  emptyPolicies,
  envoyFilterOperations,
  externalControlPlane,
  externalHosts,
  gatewayApiVersions,
  gatewayCertificates,
  gatewayPorts,
  gatewaySecrets,
  gatewaySelectors,
  imageAuto,
  injectionWebhooks,
  jwtClaimRoutes,
  listenerPorts,
  meshNetworks,
  multiClusterServices,
  namespaceInjection,
  policyPrincipals,
  proxyImages,
  routeWeights,
  serviceEntryAddresses,
  serviceEntryProtocols,
  servicePortNames,
  sidecarDefaults,
  sidecarSelectors,
  strictMutualTls,
  telemetryDefaults,
  telemetryLightstep,
  telemetryProviders,
  telemetrySelectors,
  unservedLabels,
  virtualServiceGateways,
  workloadPorts,
  ...schemaValidations,
];

/** Analyzers that run only when they are asked for: they report what is common and rarely a fault. */
export const OPTIONAL_ANALYZERS: readonly Analyzer[] = [alphaAnnotations];

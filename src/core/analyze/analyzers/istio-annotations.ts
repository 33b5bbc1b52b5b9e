type ResourceKind =
  | 'Any'
  | 'Namespace'
  | 'Service'
  | 'Pod'
  | 'Ingress'
  | 'Gateway'
  | 'GatewayClass'
  | 'ServiceEntry'
  | 'WorkloadEntry'
  | 'AuthorizationPolicy';

/** An annotation that Istio knows: where it belongs and how mature it is. */
export interface AnnotationFacts {
  resources: readonly ResourceKind[];
  alpha: boolean;
  deprecated: boolean;
}

type Trait = 'alpha' | 'deprecated';

function facts(resources: readonly ResourceKind[], ...traits: Trait[]): AnnotationFacts {
  return { resources, alpha: traits.includes('alpha'), deprecated: traits.includes('deprecated') };
}

const POD = ['Pod'] as const;
const alphaOnPods = (...names: string[]): [string, AnnotationFacts][] =>
  names.map((name) => [name, facts(POD, 'alpha')]);
const retiredOnPods = (...names: string[]): [string, AnnotationFacts][] =>
  names.map((name) => [name, facts(POD, 'alpha', 'deprecated')]);

/** Every annotation of the newest Istio (istio/api annotation/annotations.yaml); which came when, its versions say. */
export const ISTIO_ANNOTATIONS: ReadonlyMap<string, AnnotationFacts> = new Map<string, AnnotationFacts>([
  ...alphaOnPods(
    'prometheus.istio.io/merge-metrics',
    'sidecar.istio.io/status',
    'sidecar.istio.io/rewriteAppHTTPProbers',
    'sidecar.istio.io/proxyImage',
    'sidecar.istio.io/proxyImageType',
    'sidecar.istio.io/proxyCPU',
    'sidecar.istio.io/proxyCPULimit',
    'sidecar.istio.io/proxyMemory',
    'sidecar.istio.io/proxyMemoryLimit',
    'sidecar.istio.io/interceptionMode',
    'sidecar.istio.io/bootstrapOverride',
    'sidecar.istio.io/statsHistogramBuckets',
    'sidecar.istio.io/statsFlushInterval',
    'sidecar.istio.io/statsEvictionInterval',
    'sidecar.istio.io/statsHistogramBins',
    'sidecar.istio.io/userVolume',
    'sidecar.istio.io/userVolumeMount',
    'status.sidecar.istio.io/port',
    'sidecar.istio.io/logLevel',
    'sidecar.istio.io/componentLogLevel',
    'sidecar.istio.io/agentLogLevel',
    'sidecar.istio.io/nativeSidecar',
    'readiness.status.sidecar.istio.io/initialDelaySeconds',
    'readiness.status.sidecar.istio.io/periodSeconds',
    'readiness.status.sidecar.istio.io/failureThreshold',
    'readiness.status.sidecar.istio.io/applicationPorts',
    'traffic.sidecar.istio.io/includeOutboundIPRanges',
    'traffic.sidecar.istio.io/excludeOutboundIPRanges',
    'traffic.sidecar.istio.io/includeInboundPorts',
    'traffic.sidecar.istio.io/excludeInboundPorts',
    'traffic.sidecar.istio.io/excludeInterfaces',
    'traffic.sidecar.istio.io/includeOutboundPorts',
    'traffic.sidecar.istio.io/excludeOutboundPorts',
    'istio.io/rev',
    'proxy.istio.io/overrides',
    'inject.istio.io/templates',
    'ambient.istio.io/bypass-inbound-capture',
    'istio.io/reroute-virtual-interfaces',
    'ambient.istio.io/dns-capture',
  ),
  ...retiredOnPods(
    'sidecar.istio.io/discoveryAddress',
    'sidecar.istio.io/statsInclusionPrefixes',
    'sidecar.istio.io/statsInclusionSuffixes',
    'sidecar.istio.io/statsInclusionRegexps',
    'traffic.sidecar.istio.io/kubevirtInterfaces',
    'sidecar.istio.io/extraStatTags',
    'sidecar.istio.io/statsCompression',
  ),
  ['sidecar.istio.io/inject', facts(POD, 'deprecated')],
  ['proxy.istio.io/config', facts(POD)],
  ['ambient.istio.io/redirection', facts(POD)],
  ['alpha.istio.io/kubernetes-serviceaccounts', facts(['Service'], 'alpha', 'deprecated')],
  ['alpha.istio.io/canonical-serviceaccounts', facts(['Service'], 'alpha', 'deprecated')],
  ['networking.istio.io/exportTo', facts(['Service'], 'alpha')],
  ['traffic.istio.io/nodeSelector', facts(['Service'])],
  ['kubernetes.io/ingress.class', facts(['Ingress'])],
  ['galley.istio.io/analyze-suppress', facts(['Any'], 'alpha')],
  ['gateway.istio.io/controller-version', facts(['Any'], 'alpha')],
  ['istio.io/dry-run', facts(['AuthorizationPolicy'], 'alpha')],
  ['istio.io/autoRegistrationGroup', facts(['WorkloadEntry'], 'alpha')],
  ['istio.io/workloadController', facts(['WorkloadEntry'], 'alpha')],
  ['istio.io/connectedAt', facts(['WorkloadEntry'], 'alpha')],
  ['istio.io/disconnectedAt', facts(['WorkloadEntry'], 'alpha')],
  ['topology.istio.io/controlPlaneClusters', facts(['Namespace'], 'alpha')],
  ['ambient.istio.io/waypoint-inbound-binding', facts(['GatewayClass', 'Gateway'], 'alpha')],
  ['gateway.istio.io/service-account', facts(['Gateway'], 'alpha')],
  ['gateway.istio.io/name-override', facts(['Gateway'], 'alpha')],
  ['networking.istio.io/service-type', facts(['Gateway'], 'alpha')],
  ['networking.istio.io/traffic-distribution', facts(['Namespace', 'Service', 'ServiceEntry'], 'alpha')],
  ['istio.io/use-waypoint-canary-weight', facts(['Service', 'ServiceEntry', 'Namespace'], 'alpha')],
]);

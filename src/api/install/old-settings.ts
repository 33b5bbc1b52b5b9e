import { camelCase } from '../camel-case.ts';
import type { Problem } from '../problem.ts';

/** Sentences that tell of several settings. */
const MIXER =
  'Mixer ended with Istio 1.8: use AuthorizationPolicy, EnvoyFilter or WasmPlugin for policies, and Telemetry for metrics and logs';
const ISTIOD = 'it became a part of istiod in Istio 1.5: remove it, spec.components.pilot is all of it';
const ADDON = 'Istio installs no addons since 1.8: install it by its own chart or operator, and remove this';
const STRICT =
  'use a PeerAuthentication named default in the root namespace, without which mTLS is PERMISSIVE; clients use it by spec.meshConfig.enableAutoMtls';
const SDS =
  'certificates come by SDS always since 1.6: name a Secret in credentialName of the Gateway, and remove this';
const VM = 'use Gateway resources for what virtual machines reach, and WorkloadGroup for the machines';
const CNI = 'use spec.values.cni';
const EGRESS_SERVICE = 'use spec.components.egressGateways[].k8s.service';
const PROXY_METRICS = 'use the Telemetry resource';
const TRACING_BACKEND =
  'install the tracing backend by its own chart, and name it in spec.meshConfig.extensionProviders';
const mesh = (field: string): string => `use spec.meshConfig.${field}`;
const proxyConfig = (field: string): string => mesh(`defaultConfig.${field}`);
const component = (field: string): string => `use spec.components.${field}`;
const each = (prefix: string, names: string, became: string): [string, string][] =>
  names.split(' ').map((name) => [`${prefix}${name}`, became]);

/**
 * Settings of Istio 1.4 to 1.29 that no longer exist, by their path below `spec`: what became of each and what to write
 * today. `*` stands for one name or index, and an entry holds for everything below it. From the values and the
 * IstioOperator API of those releases, and from Istio's release notes.
 */
export const OLD_SETTINGS: readonly (readonly [path: string, became: string])[] = [
  // The API of 1.4 and 1.5.
  ['addonComponents', ADDON],
  ['autoInjection', `${ISTIOD}; settings of injection stand below spec.values.sidecarInjectorWebhook`],
  ['configManagement', ISTIOD],
  ['trafficManagement', component('pilot')],
  ['security', ISTIOD],
  ['policy', MIXER],
  ['telemetry', `${MIXER}; metrics of proxies are spec.values.telemetry`],
  ['gateways', component('ingressGateways and spec.components.egressGateways')],
  ['cni', component('cni')],
  [
    'coreDNS',
    `${ADDON}; proxies answer DNS themselves with ISTIO_META_DNS_CAPTURE in spec.meshConfig.defaultConfig.proxyMetadata`,
  ],
  ['thirdParty', ADDON],
  ['defaultNamespace', 'use metadata.namespace and spec.values.global.istioNamespace'],
  ['customPackagePath', 'charts of your own are not rendered: use overlays below spec.components'],
  ['global', 'use spec.values.global'],
  ['pilot', component('pilot')],
  ['resourceSuffix', 'use spec.revision'],
  // Components.
  ...each('components.', 'policy telemetry', MIXER),
  ...each('components.', 'citadel galley nodeAgent sidecarInjector injector certManager security proxy', ISTIOD),
  ...each('components.', 'kiali grafana prometheus prometheusOperator tracing', ADDON),
  [
    'components.coreDNS',
    'proxies answer DNS themselves: set ISTIO_META_DNS_CAPTURE in spec.meshConfig.defaultConfig.proxyMetadata',
  ],
  ['components.ingressGateway', 'use the list spec.components.ingressGateways'],
  ['components.egressGateway', 'use the list spec.components.egressGateways'],
  // Charts that are gone.
  ...each('values.', 'kiali grafana prometheus prometheusOperator servicegraph', ADDON),
  ['values.tracing', TRACING_BACKEND],
  ['values.mixer', MIXER],
  ...each('values.', 'galley security nodeagent certmanager', ISTIOD),
  [
    'values.istiocoredns',
    'proxies answer DNS themselves: set ISTIO_META_DNS_CAPTURE in spec.meshConfig.defaultConfig.proxyMetadata',
  ],
  ['values.clusterResources', 'use spec.values.global.resourceScope'],
  ['values.version', 'use spec.tag'],
  ['values.kustomize', 'use overlays below spec.components: remove it'],
  [
    'values.dns',
    'proxies answer DNS themselves: set ISTIO_META_DNS_CAPTURE in spec.meshConfig.defaultConfig.proxyMetadata',
  ],
  // Global.
  ['values.global.mtls', STRICT],
  ['values.global.controlPlaneSecurityEnabled', 'traffic to istiod is always encrypted since 1.6: remove it'],
  ['values.global.enableTracing', mesh('enableTracing')],
  ['values.global.trustDomain', mesh('trustDomain')],
  ['values.global.trustDomainAliases', mesh('trustDomainAliases')],
  ['values.global.outboundTrafficPolicy', mesh('outboundTrafficPolicy')],
  ['values.global.localityLbSetting', mesh('localityLbSetting')],
  ['values.global.disablePolicyChecks', MIXER],
  ['values.global.policyCheckFailOpen', MIXER],
  ['values.global.certificates', mesh('certificates, or a CA of your own')],
  ['values.global.meshExpansion', VM],
  ['values.global.useMCP', 'configuration comes from the API server: remove it, or use spec.meshConfig.configSources'],
  ['values.global.oneNamespace', mesh('discoverySelectors, by which istiod watches some namespaces only')],
  ['values.global.k8sIngress', mesh('ingressControllerMode, ingressClass and ingressService')],
  ['values.global.k8sIngressSelector', mesh('ingressSelector')],
  ['values.global.autoInjection', 'use spec.values.sidecarInjectorWebhook.enableNamespacesByDefault'],
  ['values.global.sidecarInjectorWebhook', 'use spec.values.sidecarInjectorWebhook'],
  ['values.global.enableHelmTest', 'it was for tests of the charts: remove it'],
  ['values.global.createRemoteSvcEndpoints', 'use spec.values.global.remotePilotAddress with profile remote'],
  ['values.global.remotePilotCreateSvcEndpoint', 'use spec.values.global.remotePilotAddress with profile remote'],
  ['values.global.remotePolicyAddress', MIXER],
  ['values.global.remoteTelemetryAddress', MIXER],
  ['values.global.remoteZipkinAddress', TRACING_BACKEND],
  ['values.global.configRootNamespace', mesh('rootNamespace')],
  ['values.global.configNamespace', mesh('rootNamespace')],
  ['values.global.policyNamespace', MIXER],
  ['values.global.telemetryNamespace', MIXER],
  ['values.global.securityNamespace', ISTIOD],
  ['values.global.prometheusNamespace', ADDON],
  [
    'values.global.defaultConfigVisibilitySettings',
    mesh('defaultServiceExportTo, defaultVirtualServiceExportTo and defaultDestinationRuleExportTo'),
  ],
  ['values.global.monitoringPort', 'istiod serves its metrics on port 15014: remove it'],
  ['values.global.centralIstiod', 'use spec.values.global.externalIstiod'],
  ['values.global.istioRemote', 'use profile remote'],
  ['values.global.istiod.enabled', component('pilot.enabled')],
  ['values.global.sds.enabled', SDS],
  ['values.global.sds.udsPath', SDS],
  ['values.global.sds.useTrustworthyJwt', 'third-party tokens are used always: remove it'],
  ['values.global.sds.useNormalJwt', 'third-party tokens are used always: remove it'],
  ['values.global.proxy.accessLogFile', mesh('accessLogFile')],
  ['values.global.proxy.accessLogFormat', mesh('accessLogFormat')],
  ['values.global.proxy.accessLogEncoding', mesh('accessLogEncoding')],
  ['values.global.proxy.concurrency', proxyConfig('concurrency')],
  ['values.global.proxy.protocolDetectionTimeout', mesh('protocolDetectionTimeout')],
  ['values.global.proxy.envoyAccessLogService', proxyConfig('envoyAccessLogService')],
  ['values.global.proxy.envoyMetricsService', proxyConfig('envoyMetricsService')],
  ['values.global.proxy.envoyStatsd', proxyConfig('statsdUdpAddress')],
  ['values.global.proxy.dnsRefreshRate', mesh('dnsRefreshRate')],
  ['values.global.proxy.connectionTimeout', mesh('connectTimeout')],
  ['values.global.proxy.drainDuration', proxyConfig('drainDuration')],
  ['values.global.proxy.parentShutdownDuration', 'proxies are not restarted in place any more: remove it'],
  ['values.global.proxy.enableCoreDumpImage', 'core dumps need no image of their own: remove it'],
  ['values.global.proxy.init', 'use spec.values.global.proxy_init'],
  ['values.global.proxy.useMutualTLS', STRICT],
  ['values.global.proxy.tlsSecret', SDS],
  ['values.global.proxy.hostNetwork', 'proxies share the network of their pod: remove it'],
  ['values.global.proxy.enabled', 'labels decide which pods get a proxy: remove it'],
  ['values.global.proxy.connectTimeout', mesh('connectTimeout')],
  ['values.global.proxy.kubevirtInterfaces', 'use the annotation istio.io/reroute-virtual-interfaces of a pod'],
  ['values.global.proxy.interceptionMode', proxyConfig('interceptionMode')],
  ['values.global.proxy.stats', proxyConfig('proxyStatsMatcher')],
  ['values.global.proxy.envoyAccessLog', mesh('accessLogFile')],
  ['values.global.proxy.tracing', TRACING_BACKEND],
  ['values.global.proxy.jaegerAgent', TRACING_BACKEND],
  ['values.global.tracer.opencensus', 'use spec.meshConfig.extensionProviders with opentelemetry'],
  ...each('values.global.tracer.lightstep.', 'secure cacertPath', proxyConfig('tracing.tlsSettings')),
  ['values.global.autoscalingv2API', 'autoscalers are of autoscaling/v2 always: remove it'],
  // The CNI agent.
  ...each(
    'values.istio_cni.',
    'affinity ambient cniBinDir cniConfDir cniConfFileName cniNetnsDir excludeNamespaces hub image logLevel podAnnotations',
    CNI,
  ),
  ...each(
    'values.istio_cni.',
    'privileged psp_cluster_role pullPolicy repair resourceQuotas resources rollingMaxUnavailable seccompProfile tag taint variant',
    CNI,
  ),
  ['values.cni.taint', 'istiod takes the taint from nodes: use spec.values.pilot.taint'],
  ['values.cni.ambient.redirectMode', 'traffic is redirected inside of the pod always: remove it'],
  // Telemetry.
  ['values.telemetry.v1', MIXER],
  ['values.telemetry.v2.metadataExchange', 'proxies exchange metadata always: remove it'],
  ['values.telemetry.v2.prometheus.wasmEnabled', 'metrics are built into the proxy: remove it'],
  ['values.telemetry.v2.prometheus.configOverride', PROXY_METRICS],
  ...each('values.telemetry.v2.prometheus.', 'gateway inboundSidecar outboundSidecar', PROXY_METRICS),
  ...each(
    'values.telemetry.v2.stackdriver.',
    'logging monitoring topology configOverride disableOutbound inboundAccessLogging outboundAccessLogging',
    `${PROXY_METRICS} with a provider of the type stackdriver`,
  ),
  ['values.telemetry.v2.accessLogPolicy', `${PROXY_METRICS} with a filter of access logs`],
  // istiod.
  [
    'values.pilot.enableProtocolSniffingForOutbound',
    'use PILOT_ENABLE_PROTOCOL_SNIFFING_FOR_OUTBOUND in spec.values.pilot.env; it is on by default',
  ],
  [
    'values.pilot.enableProtocolSniffingForInbound',
    'use PILOT_ENABLE_PROTOCOL_SNIFFING_FOR_INBOUND in spec.values.pilot.env; it is on by default',
  ],
  ['values.pilot.configNamespace', mesh('rootNamespace')],
  ['values.pilot.configSource', mesh('configSources')],
  ['values.pilot.meshNetworks', 'use spec.values.global.meshNetworks'],
  ['values.pilot.ingress', mesh('ingressService, ingressControllerMode and ingressClass')],
  ['values.pilot.policy', MIXER],
  ['values.pilot.telemetry', MIXER],
  ['values.pilot.sidecar', 'sidecars are told of all services unless a Sidecar resource says otherwise: remove it'],
  ['values.pilot.useMCP', mesh('configSources')],
  ['values.pilot.appNamespaces', mesh('discoverySelectors')],
  ['values.pilot.plugins', 'plugins of Mixer ended with 1.8: remove it'],
  ['values.pilot.enableAnalysis', 'use spec.values.global.istiod.enableAnalysis'],
  ['values.pilot.addonsNamespace', ADDON],
  ['values.pilot.deployment', component('pilot.k8s')],
  ['values.pilot.extraEnv', 'use spec.values.pilot.env'],
  ...each(
    'values.pilot.',
    'podAntiAffinityLabelSelector podAntiAffinityTermLabelSelector',
    component('pilot.k8s.affinity'),
  ),
  // Injection.
  [
    'values.sidecarInjectorWebhook.enabled',
    'injection is a part of istiod: remove it, or set label istio-injection=disabled on namespaces',
  ],
  ['values.sidecarInjectorWebhook.injectLabel', 'the label is istio-injection or istio.io/rev: remove it'],
  [
    'values.sidecarInjectorWebhook.objectSelector',
    'pods are selected by their labels always: use the label sidecar.istio.io/inject',
  ],
  ['values.sidecarInjectorWebhook.selfSigned', 'the webhook has a certificate of its own: remove it'],
  [
    'values.sidecarInjectorWebhook.useLegacySelectors',
    'the selectors of old releases are gone: use the labels istio-injection or istio.io/rev',
  ],
  ['values.sidecarInjectorWebhook.namespace', 'use spec.values.global.istioNamespace'],
  ['values.sidecarInjectorWebhook.hub', 'injection is a part of istiod: use spec.hub'],
  ['values.sidecarInjectorWebhook.image', 'injection is a part of istiod: use spec.values.pilot.image'],
  ['values.sidecarInjectorWebhook.replicaCount', component('pilot.k8s.replicaCount')],
  ['values.sidecarInjectorWebhook.lifecycle', component('pilot.k8s')],
  ['values.sidecarInjectorWebhook.tag', 'injection is a part of istiod: use spec.tag'],
  ...each(
    'values.sidecarInjectorWebhook.',
    'nodeSelector podAnnotations podAntiAffinityLabelSelector podAntiAffinityTermLabelSelector resources rollingMaxSurge rollingMaxUnavailable tolerations',
    `injection is a part of istiod: ${component('pilot.k8s')}`,
  ),
  // Gateways.
  ['values.gateways.*.sds', SDS],
  [
    'values.gateways.*.zvpn',
    'use the profile and samples for several networks: label the gateway with topology.istio.io/network',
  ],
  ['values.gateways.*.meshExpansionPorts', 'use spec.components.ingressGateways[].k8s.service.ports'],
  ['values.gateways.*.enableCertManager', 'use cert-manager with a Secret and credentialName of the Gateway'],
  ['values.gateways.*.certificates', 'use a Secret and credentialName of the Gateway'],
  ['values.gateways.*.applicationPorts', 'use spec.components.ingressGateways[].k8s.service.ports'],
  ['values.gateways.*.externalIPs', 'use an overlay of the Service below spec.components.ingressGateways[].k8s'],
  ['values.gateways.*.globalExtraPorts', 'use spec.components.ingressGateways[].k8s.service.ports'],
  ['values.gateways.*.connectTimeout', mesh('connectTimeout')],
  ['values.gateways.*.drainDuration', proxyConfig('drainDuration')],
  ['values.gateways.*.debug', 'use spec.values.global.proxy.logLevel'],
  ['values.gateways.*.domain', 'use spec.values.global.proxy.clusterDomain'],
  ['values.gateways.*.hub', 'use spec.hub'],
  ['values.gateways.*.image', 'use spec.values.global.proxy.image'],
  ['values.gateways.*.tag', 'use spec.tag'],
  ...each('values.gateways.*.', 'telemetryAddonGateways telemetryDomainName', ADDON),
  ...each('values.gateways.*.', 'hosts tls', 'use a Gateway resource'),
  ...each('values.gateways.*.', 'k8sIngress k8sIngressHttps', mesh('ingressControllerMode, and a Gateway for HTTPS')),
  ['values.gateways.istio-egressgateway.egressPorts', EGRESS_SERVICE],
  ...each(
    'values.gateways.istio-egressgateway.',
    'externalTrafficPolicy loadBalancerIP loadBalancerSourceRanges',
    EGRESS_SERVICE,
  ),
  // The base.
  ['values.base.includeCRDs', 'definitions are installed with the base: use spec.values.base.enableIstioConfigCRDs'],
];

/** An old setting, with its place in a resource. */
export interface OldSetting {
  /** Field path of the setting itself, which may stand above the path that was asked for. */
  path: string;
  became: string;
}

const ENTRIES = OLD_SETTINGS.map(([path, became]) => ({ steps: path.split('.'), became }));

/** Old readers took both spellings: `metadata_exchange` and `metadataExchange`. */
function isNamed(step: string, wanted: string): boolean {
  return step === wanted || camelCase(step) === wanted;
}

/** The old setting that a field path such as `spec.values.kiali.enabled` belongs to; undefined when it is none. */
export function findOldSetting(path: string): OldSetting | undefined {
  const steps = path.replaceAll('[', '.').replaceAll(']', '').split('.').slice(1);
  const entry = ENTRIES.find((each) =>
    each.steps.every((step, i) => i < steps.length && (step === '*' || isNamed(steps[i] ?? '', step))),
  );
  return entry && { path: `spec.${steps.slice(0, entry.steps.length).join('.')}`, became: entry.became };
}

/** Says of each unknown field that older releases had, once and at its own place, what became of it. */
export function tellOldSettings(problems: readonly Problem[]): Problem[] {
  const told = new Set<string>();
  return problems.flatMap((problem) => {
    const old = problem.code === 'UnknownField' ? findOldSetting(problem.path) : undefined;
    if (!old) return [problem];
    if (told.has(old.path)) return [];
    told.add(old.path);
    return [
      {
        path: old.path,
        code: 'SettingWithdrawn',
        message: 'is a setting of older releases of Istio',
        hint: old.became,
      },
    ];
  });
}

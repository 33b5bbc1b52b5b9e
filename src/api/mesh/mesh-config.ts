import type { z } from 'zod';
import {
  bool,
  duration,
  enumeration,
  field,
  int32,
  int64,
  list,
  map,
  message,
  string,
  struct,
  uint32,
  wrapped,
  type ProtoMeta,
} from '../proto/message-schema.ts';
import { clientTlsSettings } from '../networking/client-tls-settings.ts';
import { connectionPoolSettings, tcpKeepalive } from '../networking/connection-pool.ts';
import { httpRetry } from '../networking/http-route.ts';
import { localityLoadBalancerSetting, zoneAwareLoadBalancerSetting } from '../networking/load-balancer.ts';
import { outlierDetection } from '../networking/outlier-detection.ts';
import { proxyConfig } from './proxy-config.ts';

const configResource = enumeration(['SERVICE_REGISTRY']);

const ingressControllerMode = enumeration(['UNSPECIFIED', 'OFF', 'DEFAULT', 'STRICT']);

const accessLogEncoding = enumeration(['TEXT', 'JSON']);

const h2UpgradePolicy = enumeration(['DO_NOT_UPGRADE', 'UPGRADE']);

const outboundMode = enumeration({ REGISTRY_ONLY: 0, ALLOW_ANY: 1, ALLOW_ANY_DYNAMIC_DNS: 3 });

export const outboundTrafficPolicy = message('OutboundTrafficPolicy', () => ({
  mode: outboundMode,
  tls: clientTlsSettings,
}));

const inboundMode = enumeration(['PASSTHROUGH', 'LOCALHOST']);

export const inboundTrafficPolicy = message('InboundTrafficPolicy', () => ({
  mode: inboundMode,
}));

export const certificateData = message(
  'CertificateData',
  () => ({
    pem: string,
    spiffeBundleUrl: string,
    certSigners: list(string),
    trustDomains: list(string),
  }),
  { oneOfs: [['pem', 'spiffeBundleUrl']] },
);

export const serviceLocality = message('Settings', () => ({
  clusterLocal: bool,
}));

export const serviceSettings = message('ServiceSettings', () => ({
  settings: serviceLocality,
  hosts: list(string),
}));

const serviceScope = enumeration(['LOCAL', 'GLOBAL']);

export const serviceScopeConfigs = message('ServiceScopeConfigs', () => ({
  namespaceSelector: labelSelector,
  servicesSelector: labelSelector,
  scope: serviceScope,
}));

export const certificateAuthority = message('CA', () => ({
  address: string,
  tlsSettings: clientTlsSettings,
  requestTimeout: duration,
  istiodSide: bool,
}));

const serviceAttributeEnrichment = enumeration(['ISTIO_CANONICAL', 'OTEL_SEMANTIC_CONVENTIONS']);

export const envoyExternalAuthorizationRequestBody = message('EnvoyExternalAuthorizationRequestBody', () => ({
  maxRequestBytes: uint32,
  allowPartialMessage: bool,
  packAsBytes: bool,
}));

export const envoyExternalAuthorizationHttpProvider = message('EnvoyExternalAuthorizationHttpProvider', () => ({
  service: string,
  port: uint32,
  timeout: duration,
  pathPrefix: string,
  failOpen: bool,
  clearRouteCache: bool,
  statusOnError: string,
  includeHeadersInCheck: list(string),
  includeRequestHeadersInCheck: list(string),
  includeAdditionalHeadersInCheck: map(string),
  includeRequestBodyInCheck: envoyExternalAuthorizationRequestBody,
  headersToUpstreamOnAllow: list(string),
  headersToDownstreamOnDeny: list(string),
  headersToDownstreamOnAllow: list(string),
}));

export const envoyExternalAuthorizationGrpcProvider = message('EnvoyExternalAuthorizationGrpcProvider', () => ({
  service: string,
  port: uint32,
  timeout: duration,
  failOpen: bool,
  clearRouteCache: bool,
  statusOnError: string,
  includeRequestBodyInCheck: envoyExternalAuthorizationRequestBody,
}));

const traceContextOption = enumeration(['USE_B3', 'USE_B3_WITH_W3C_PROPAGATION']);

export const zipkinTracingProvider = message('ZipkinTracingProvider', () => ({
  service: string,
  port: uint32,
  maxTagLength: uint32,
  enable64bitTraceId: bool.meta({ protoName: 'enable_64bit_trace_id' } satisfies ProtoMeta),
  path: string,
  traceContextOption,
  timeout: duration,
  headers: list(httpHeader),
}));

export const lightstepTracingProvider = message('LightstepTracingProvider', () => ({
  service: string,
  port: uint32,
  accessToken: string,
  maxTagLength: uint32,
}));

export const datadogTracingProvider = message('DatadogTracingProvider', () => ({
  service: string,
  port: uint32,
  maxTagLength: uint32,
}));

export const skyWalkingTracingProvider = message('SkyWalkingTracingProvider', () => ({
  service: string,
  port: uint32,
  accessToken: string,
}));

export const stackdriverLogging = message('Logging', () => ({
  labels: map(string),
}));

export const stackdriverProvider = message('StackdriverProvider', () => ({
  debug: bool,
  maxNumberOfAttributes: wrapped(int64),
  maxNumberOfAnnotations: wrapped(int64),
  maxNumberOfMessageEvents: wrapped(int64),
  maxTagLength: uint32,
  logging: stackdriverLogging,
}));

const traceContext = enumeration(['UNSPECIFIED', 'W3C_TRACE_CONTEXT', 'GRPC_BIN', 'CLOUD_TRACE_CONTEXT', 'B3']);

export const openCensusAgentTracingProvider = message('OpenCensusAgentTracingProvider', () => ({
  service: string,
  port: uint32,
  context: list(traceContext),
  maxTagLength: uint32,
}));

export const prometheusMetricsProvider = message('PrometheusMetricsProvider', () => ({}));

export const fileLogFormat = message(
  'LogFormat',
  () => ({
    text: string,
    labels: struct,
  }),
  { oneOfs: [['text', 'labels']] },
);

export const envoyFileAccessLogProvider = message('EnvoyFileAccessLogProvider', () => ({
  path: string,
  logFormat: fileLogFormat,
  omitEmptyValues: bool,
}));

export const envoyHttpGrpcV3LogProvider = message('EnvoyHttpGrpcV3LogProvider', () => ({
  service: string,
  port: uint32,
  logName: string,
  filterStateObjectsToLog: list(string),
  additionalRequestHeadersToLog: list(string),
  additionalResponseHeadersToLog: list(string),
  additionalResponseTrailersToLog: list(string),
}));

export const envoyTcpGrpcV3LogProvider = message('EnvoyTcpGrpcV3LogProvider', () => ({
  service: string,
  port: uint32,
  logName: string,
  filterStateObjectsToLog: list(string),
}));

export const otelLogFormat = message('LogFormat', () => ({
  text: string,
  labels: struct,
}));

export const envoyOpenTelemetryLogProvider = message('EnvoyOpenTelemetryLogProvider', () => ({
  service: string,
  port: uint32,
  logName: string,
  logFormat: otelLogFormat,
}));

export const dynatraceApi = message('DynatraceApi', () => ({
  service: string,
  port: uint32,
  http: httpService,
}));

export const dynatraceSampler = message('DynatraceSampler', () => ({
  tenant: string,
  clusterId: int32,
  rootSpansPerMinute: uint32,
  httpService: dynatraceApi,
}));

export const openTelemetryTracingProvider = message(
  'OpenTelemetryTracingProvider',
  () => ({
    service: string,
    port: uint32,
    maxTagLength: uint32,
    http: httpService,
    grpc: grpcService,
    resourceDetectors,
    serviceAttributeEnrichment,
    dynatraceSampler,
  }),
  { oneOfs: [['dynatraceSampler']] },
);

export const sDSProvider = message('SDSProvider', () => ({
  name: string,
  service: string,
  port: uint32,
}));

export const httpService = message('HttpService', () => ({
  path: string,
  timeout: duration,
  headers: list(httpHeader),
}));

export const httpHeader = message(
  'HttpHeader',
  () => ({
    name: string,
    value: string,
    envName: string,
  }),
  { oneOfs: [['value', 'envName']] },
);

export const environmentResourceDetector = message('EnvironmentResourceDetector', () => ({}));

export const dynatraceResourceDetector = message('DynatraceResourceDetector', () => ({}));

export const resourceDetectors = message('ResourceDetectors', () => ({
  environment: environmentResourceDetector,
  dynatrace: dynatraceResourceDetector,
}));

export const grpcService = message('GrpcService', () => ({
  timeout: duration,
  initialMetadata: list(httpHeader),
}));

export const extensionProvider = message(
  'ExtensionProvider',
  () => ({
    name: string,
    envoyExtAuthzHttp: envoyExternalAuthorizationHttpProvider,
    envoyExtAuthzGrpc: envoyExternalAuthorizationGrpcProvider,
    zipkin: zipkinTracingProvider,
    lightstep: lightstepTracingProvider,
    datadog: datadogTracingProvider,
    stackdriver: stackdriverProvider,
    opencensus: openCensusAgentTracingProvider,
    skywalking: skyWalkingTracingProvider,
    opentelemetry: openTelemetryTracingProvider,
    prometheus: prometheusMetricsProvider,
    envoyFileAccessLog: envoyFileAccessLogProvider,
    envoyHttpAls: envoyHttpGrpcV3LogProvider,
    envoyTcpAls: envoyTcpGrpcV3LogProvider,
    envoyOtelAls: envoyOpenTelemetryLogProvider,
    sds: sDSProvider,
  }),
  {
    oneOfs: [
      [
        'envoyExtAuthzHttp',
        'envoyExtAuthzGrpc',
        'zipkin',
        'lightstep',
        'datadog',
        'stackdriver',
        'opencensus',
        'skywalking',
        'opentelemetry',
        'prometheus',
        'envoyFileAccessLog',
        'envoyHttpAls',
        'envoyTcpAls',
        'envoyOtelAls',
        'sds',
      ],
    ],
  },
);

export const defaultProviders = message('DefaultProviders', () => ({
  tracing: list(string),
  metrics: list(string),
  accessLogging: list(string),
}));

const normalizationType = enumeration(['DEFAULT', 'NONE', 'BASE', 'MERGE_SLASHES', 'DECODE_AND_MERGE_SLASHES']);

export const proxyPathNormalization = message('ProxyPathNormalization', () => ({
  normalization: normalizationType,
}));

const tlsProtocol = enumeration(['TLS_AUTO', 'TLSV1_2', 'TLSV1_3']);

export const tlsConfig = message('TLSConfig', () => ({
  minProtocolVersion: tlsProtocol,
  ecdhCurves: list(string),
  cipherSuites: list(string),
}));

export const defaultTrafficPolicy = message('DefaultTrafficPolicy', () => ({
  connectionPool: connectionPoolSettings,
  outlierDetection,
}));

export const meshConfig = message('MeshConfig', () => ({
  proxyListenPort: field(int32, 'Port on which the proxy takes outbound traffic.'),
  proxyInboundListenPort: field(int32, 'Port on which the proxy takes inbound traffic.'),
  proxyHttpPort: field(int32, 'Port for an HTTP proxy; 0 for none.'),
  connectTimeout: field(duration, 'Longest time to connect to a server.'),
  hboneIdleTimeout: field(duration, 'How long an idle tunnel of ambient mode is kept.'),
  protocolDetectionTimeout: field(duration, 'How long the first bytes are waited for to tell HTTP from TCP.'),
  tcpKeepalive: field(tcpKeepalive, 'Keepalive of TCP connections to servers.'),
  ingressClass: field(string, 'Class of the Ingress resources that are served.'),
  ingressService: field(string, 'Service of the gateway that serves Ingress resources.'),
  ingressControllerMode: field(ingressControllerMode, 'Which Ingress resources are served.'),
  ingressSelector: field(string, 'Label of the gateway that serves Ingress resources.'),
  enableTracing: field(bool, 'Whether proxies send traces.'),
  accessLogFile: field(string, 'File for the access log, such as `/dev/stdout`; empty for none.'),
  accessLogFormat: field(string, 'Format of a line of the access log.'),
  accessLogEncoding: field(accessLogEncoding, 'Text or JSON.'),
  enableEnvoyAccessLogService: field(bool, 'Send the access log to the service that `defaultConfig` names.'),
  disableEnvoyListenerLog: field(bool, 'No log lines for connections that match no listener.'),
  defaultConfig: field(proxyConfig, 'Settings of the proxies; pods can override them.'),
  outboundTrafficPolicy: field(outboundTrafficPolicy, 'What happens to traffic to unknown hosts.'),
  inboundTrafficPolicy: field(inboundTrafficPolicy, 'What happens to traffic to ports that no Service names.'),
  configSources: field(list(configSource), 'Where istiod reads its configuration, if not from this cluster.'),
  enableAutoMtls: field(wrapped(bool), 'Use mutual TLS wherever the server takes it.'),
  trustDomain: field(string, "Domain of the workloads' identities."),
  trustDomainAliases: field(list(string), 'Further domains whose identities count as the same.'),
  caCertificates: field(list(certificateData), 'Further root certificates that proxies trust.'),
  defaultServiceExportTo: field(list(string), 'Namespaces that see a Service which names none.'),
  defaultVirtualServiceExportTo: field(list(string), 'Namespaces that see a VirtualService which names none.'),
  defaultDestinationRuleExportTo: field(list(string), 'Namespaces that see a DestinationRule which names none.'),
  rootNamespace: field(string, 'Namespace whose configuration holds for the whole mesh.'),
  localityLbSetting: field(localityLoadBalancerSetting, 'Load balancing by region and zone.'),
  zoneAwareLbSetting: field(zoneAwareLoadBalancerSetting, 'Load balancing that keeps traffic within the zone.'),
  dnsRefreshRate: field(duration, 'How often proxies look host names up anew.'),
  h2UpgradePolicy: field(h2UpgradePolicy, 'Whether HTTP/1.1 is sent on as HTTP/2.'),
  inboundClusterStatName: field(string, 'Pattern of the names of inbound statistics.'),
  outboundClusterStatName: field(string, 'Pattern of the names of outbound statistics.'),
  certificates: field(list(certificate), 'Accepted for old files; has no effect.'),
  serviceSettings: field(list(serviceSettings), 'Settings of single hosts.'),
  serviceScopeConfigs: field(
    list(serviceScopeConfigs),
    'Which services of ambient mode are reachable from other clusters.',
  ),
  enablePrometheusMerge: field(wrapped(bool), "Serve the application's and the proxy's metrics as one."),
  verifyCertificateAtClient: field(wrapped(bool), 'Accepted for old files; use DestinationRules.'),
  ca: field(certificateAuthority, 'A certificate authority outside of istiod.'),
  extensionProviders: field(
    list(extensionProvider),
    'Services for authorization, tracing and logs that other resources name.',
  ),
  defaultProviders: field(defaultProviders, 'Providers used where none is named.'),
  discoverySelectors: field(list(labelSelector), 'Namespaces that istiod looks at; all when empty.'),
  pathNormalization: field(proxyPathNormalization, 'How paths are made uniform before rules see them.'),
  defaultHttpRetryPolicy: field(httpRetry, 'How failed requests are tried again.'),
  defaultInboundHttpRetryPolicy: field(httpRetry, 'How a sidecar tries requests to its own workload again.'),
  meshMTLS: field(tlsConfig, 'TLS versions and ciphers between workloads.', {}, { protoName: 'mesh_mTLS' }),
  tlsDefaults: field(tlsConfig, 'TLS versions and ciphers elsewhere.'),
  defaultTrafficPolicy: field(
    defaultTrafficPolicy,
    'Connection limits and outlier detection where no DestinationRule sets them.',
  ),
  serviceEntryVisibility: field(serviceEntryVisibility, 'Which namespaces see ServiceEntries.'),
}));

export const labelSelector = message('LabelSelector', () => ({
  matchLabels: map(string),
  matchExpressions: list(labelSelectorRequirement),
}));

export const labelSelectorRequirement = message('LabelSelectorRequirement', () => ({
  key: string,
  operator: string,
  values: list(string),
}));

const visibility = enumeration(['VISIBILITY_UNSPECIFIED', 'NONE', 'NAMESPACE', 'PUBLIC']);

export const visibilityPolicy = message('Policy', () => ({
  visibility,
  matchingRules: list(visibilityMatch),
}));

export const visibilityMatch = message(
  'MatchRule',
  () => ({
    namespaceSelector: labelSelector,
  }),
  { oneOfs: [['namespaceSelector']] },
);

export const serviceEntryVisibility = message('ServiceEntryVisibility', () => ({
  defaultVisibility: visibility,
  applyToSidecars: bool,
  policies: list(visibilityPolicy),
}));

export const configSource = message('ConfigSource', () => ({
  address: string,
  tlsSettings: clientTlsSettings,
  subscribedResources: list(configResource),
}));

export const certificate = message('Certificate', () => ({
  secretName: string,
  dnsNames: list(string),
}));

export type MeshConfig = z.infer<typeof meshConfig>;

import { z } from 'zod';
import {
  duration,
  flag,
  freeObject,
  meshMessage,
  protoEnum,
  protoInt32,
  protoInt64,
  protoUint32,
  text,
  textList,
  textMap,
} from '../field-types.ts';
import {
  tcpKeepalive,
  connectionPoolSettings,
  outlierDetection,
  clientTlsSettings,
  localityLoadBalancerSetting,
  zoneAwareLoadBalancerSetting,
  httpRetry,
} from './traffic.ts';
import { proxyConfig } from './proxy-config.ts';

const configResource = protoEnum('SERVICE_REGISTRY');

const ingressControllerMode = protoEnum('UNSPECIFIED', 'OFF', 'DEFAULT', 'STRICT');

const accessLogEncoding = protoEnum('TEXT', 'JSON');

const h2UpgradePolicy = protoEnum('DO_NOT_UPGRADE', 'UPGRADE');

const outboundMode = protoEnum('REGISTRY_ONLY', 'ALLOW_ANY', 'ALLOW_ANY_DYNAMIC_DNS');

export const outboundTrafficPolicy = meshMessage('OutboundTrafficPolicy', () => ({
  mode: outboundMode,
  tls: clientTlsSettings,
}));

const inboundMode = protoEnum('PASSTHROUGH', 'LOCALHOST');

export const inboundTrafficPolicy = meshMessage('InboundTrafficPolicy', () => ({
  mode: inboundMode,
}));

export const certificateData = meshMessage(
  'CertificateData',
  () => ({
    pem: text,
    spiffeBundleUrl: text,
    certSigners: textList,
    trustDomains: textList,
  }),
  [['pem', 'spiffeBundleUrl']],
);

export const serviceLocality = meshMessage('Settings', () => ({
  clusterLocal: flag,
}));

export const serviceSettings = meshMessage('ServiceSettings', () => ({
  settings: serviceLocality,
  hosts: textList,
}));

const serviceScope = protoEnum('LOCAL', 'GLOBAL');

export const serviceScopeConfigs = meshMessage('ServiceScopeConfigs', () => ({
  namespaceSelector: labelSelector,
  servicesSelector: labelSelector,
  scope: serviceScope,
}));

export const certificateAuthority = meshMessage('CA', () => ({
  address: text,
  tlsSettings: clientTlsSettings,
  requestTimeout: duration,
  istiodSide: flag,
}));

const serviceAttributeEnrichment = protoEnum('ISTIO_CANONICAL', 'OTEL_SEMANTIC_CONVENTIONS');

export const envoyExternalAuthorizationRequestBody = meshMessage('EnvoyExternalAuthorizationRequestBody', () => ({
  maxRequestBytes: protoUint32,
  allowPartialMessage: flag,
  packAsBytes: flag,
}));

export const envoyExternalAuthorizationHttpProvider = meshMessage('EnvoyExternalAuthorizationHttpProvider', () => ({
  service: text,
  port: protoUint32,
  timeout: duration,
  pathPrefix: text,
  failOpen: flag,
  clearRouteCache: flag,
  statusOnError: text,
  includeHeadersInCheck: textList,
  includeRequestHeadersInCheck: textList,
  includeAdditionalHeadersInCheck: textMap,
  includeRequestBodyInCheck: envoyExternalAuthorizationRequestBody,
  headersToUpstreamOnAllow: textList,
  headersToDownstreamOnDeny: textList,
  headersToDownstreamOnAllow: textList,
}));

export const envoyExternalAuthorizationGrpcProvider = meshMessage('EnvoyExternalAuthorizationGrpcProvider', () => ({
  service: text,
  port: protoUint32,
  timeout: duration,
  failOpen: flag,
  clearRouteCache: flag,
  statusOnError: text,
  includeRequestBodyInCheck: envoyExternalAuthorizationRequestBody,
}));

const traceContextOption = protoEnum('USE_B3', 'USE_B3_WITH_W3C_PROPAGATION');

export const zipkinTracingProvider = meshMessage('ZipkinTracingProvider', () => ({
  service: text,
  port: protoUint32,
  maxTagLength: protoUint32,
  enable64bitTraceId: flag,
  path: text,
  traceContextOption,
  timeout: duration,
  headers: z.array(httpHeader),
}));

export const lightstepTracingProvider = meshMessage('LightstepTracingProvider', () => ({
  service: text,
  port: protoUint32,
  accessToken: text,
  maxTagLength: protoUint32,
}));

export const datadogTracingProvider = meshMessage('DatadogTracingProvider', () => ({
  service: text,
  port: protoUint32,
  maxTagLength: protoUint32,
}));

export const skyWalkingTracingProvider = meshMessage('SkyWalkingTracingProvider', () => ({
  service: text,
  port: protoUint32,
  accessToken: text,
}));

export const stackdriverLogging = meshMessage('Logging', () => ({
  labels: textMap,
}));

export const stackdriverProvider = meshMessage('StackdriverProvider', () => ({
  debug: flag,
  maxNumberOfAttributes: protoInt64,
  maxNumberOfAnnotations: protoInt64,
  maxNumberOfMessageEvents: protoInt64,
  maxTagLength: protoUint32,
  logging: stackdriverLogging,
}));

const traceContext = protoEnum('UNSPECIFIED', 'W3C_TRACE_CONTEXT', 'GRPC_BIN', 'CLOUD_TRACE_CONTEXT', 'B3');

export const openCensusAgentTracingProvider = meshMessage('OpenCensusAgentTracingProvider', () => ({
  service: text,
  port: protoUint32,
  context: z.array(traceContext),
  maxTagLength: protoUint32,
}));

export const prometheusMetricsProvider = meshMessage('PrometheusMetricsProvider', () => ({}));

export const fileLogFormat = meshMessage(
  'LogFormat',
  () => ({
    text,
    labels: freeObject,
  }),
  [['text', 'labels']],
);

export const envoyFileAccessLogProvider = meshMessage('EnvoyFileAccessLogProvider', () => ({
  path: text,
  logFormat: fileLogFormat,
  omitEmptyValues: flag,
}));

export const envoyHttpGrpcV3LogProvider = meshMessage('EnvoyHttpGrpcV3LogProvider', () => ({
  service: text,
  port: protoUint32,
  logName: text,
  filterStateObjectsToLog: textList,
  additionalRequestHeadersToLog: textList,
  additionalResponseHeadersToLog: textList,
  additionalResponseTrailersToLog: textList,
}));

export const envoyTcpGrpcV3LogProvider = meshMessage('EnvoyTcpGrpcV3LogProvider', () => ({
  service: text,
  port: protoUint32,
  logName: text,
  filterStateObjectsToLog: textList,
}));

export const otelLogFormat = meshMessage('LogFormat', () => ({
  text,
  labels: freeObject,
}));

export const envoyOpenTelemetryLogProvider = meshMessage('EnvoyOpenTelemetryLogProvider', () => ({
  service: text,
  port: protoUint32,
  logName: text,
  logFormat: otelLogFormat,
}));

export const dynatraceApi = meshMessage('DynatraceApi', () => ({
  service: text,
  port: protoUint32,
  http: httpService,
}));

export const dynatraceSampler = meshMessage('DynatraceSampler', () => ({
  tenant: text,
  clusterId: protoInt32,
  rootSpansPerMinute: protoUint32,
  httpService: dynatraceApi,
}));

export const openTelemetryTracingProvider = meshMessage(
  'OpenTelemetryTracingProvider',
  () => ({
    service: text,
    port: protoUint32,
    maxTagLength: protoUint32,
    http: httpService,
    grpc: grpcService,
    resourceDetectors,
    serviceAttributeEnrichment,
    dynatraceSampler,
  }),
  [['dynatraceSampler']],
);

export const sDSProvider = meshMessage('SDSProvider', () => ({
  name: text,
  service: text,
  port: protoUint32,
}));

export const httpService = meshMessage('HttpService', () => ({
  path: text,
  timeout: duration,
  headers: z.array(httpHeader),
}));

export const httpHeader = meshMessage(
  'HttpHeader',
  () => ({
    name: text,
    value: text,
    envName: text,
  }),
  [['value', 'envName']],
);

export const environmentResourceDetector = meshMessage('EnvironmentResourceDetector', () => ({}));

export const dynatraceResourceDetector = meshMessage('DynatraceResourceDetector', () => ({}));

export const resourceDetectors = meshMessage('ResourceDetectors', () => ({
  environment: environmentResourceDetector,
  dynatrace: dynatraceResourceDetector,
}));

export const grpcService = meshMessage('GrpcService', () => ({
  timeout: duration,
  initialMetadata: z.array(httpHeader),
}));

export const extensionProvider = meshMessage(
  'ExtensionProvider',
  () => ({
    name: text,
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
  [
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
);

export const defaultProviders = meshMessage('DefaultProviders', () => ({
  tracing: textList,
  metrics: textList,
  accessLogging: textList,
}));

const normalizationType = protoEnum('DEFAULT', 'NONE', 'BASE', 'MERGE_SLASHES', 'DECODE_AND_MERGE_SLASHES');

export const proxyPathNormalization = meshMessage('ProxyPathNormalization', () => ({
  normalization: normalizationType,
}));

const tlsProtocol = protoEnum('TLS_AUTO', 'TLSV1_2', 'TLSV1_3');

export const tlsConfig = meshMessage('TLSConfig', () => ({
  minProtocolVersion: tlsProtocol,
  ecdhCurves: textList,
  cipherSuites: textList,
}));

export const defaultTrafficPolicy = meshMessage('DefaultTrafficPolicy', () => ({
  connectionPool: connectionPoolSettings,
  outlierDetection,
}));

export const meshConfig = meshMessage('MeshConfig', () => ({
  proxyListenPort: protoInt32.describe('Port on which the proxy takes outbound traffic.'),
  proxyInboundListenPort: protoInt32.describe('Port on which the proxy takes inbound traffic.'),
  proxyHttpPort: protoInt32.describe('Port for an HTTP proxy; 0 for none.'),
  connectTimeout: duration.describe('Longest time to connect to a server.'),
  hboneIdleTimeout: duration.describe('How long an idle tunnel of ambient mode is kept.'),
  protocolDetectionTimeout: duration.describe('How long the first bytes are waited for to tell HTTP from TCP.'),
  tcpKeepalive: tcpKeepalive.describe('Keepalive of TCP connections to servers.'),
  ingressClass: text.describe('Class of the Ingress resources that are served.'),
  ingressService: text.describe('Service of the gateway that serves Ingress resources.'),
  ingressControllerMode: ingressControllerMode.describe('Which Ingress resources are served.'),
  ingressSelector: text.describe('Label of the gateway that serves Ingress resources.'),
  enableTracing: flag.describe('Whether proxies send traces.'),
  accessLogFile: text.describe('File for the access log, such as `/dev/stdout`; empty for none.'),
  accessLogFormat: text.describe('Format of a line of the access log.'),
  accessLogEncoding: accessLogEncoding.describe('Text or JSON.'),
  enableEnvoyAccessLogService: flag.describe('Send the access log to the service that `defaultConfig` names.'),
  disableEnvoyListenerLog: flag.describe('No log lines for connections that match no listener.'),
  defaultConfig: proxyConfig.describe('Settings of the proxies; pods can override them.'),
  outboundTrafficPolicy: outboundTrafficPolicy.describe('What happens to traffic to unknown hosts.'),
  inboundTrafficPolicy: inboundTrafficPolicy.describe('What happens to traffic to ports that no Service names.'),
  configSources: z.array(configSource).describe('Where istiod reads its configuration, if not from this cluster.'),
  enableAutoMtls: flag.describe('Use mutual TLS wherever the server takes it.'),
  trustDomain: text.describe("Domain of the workloads' identities."),
  trustDomainAliases: textList.describe('Further domains whose identities count as the same.'),
  caCertificates: z.array(certificateData).describe('Further root certificates that proxies trust.'),
  defaultServiceExportTo: textList.describe('Namespaces that see a Service which names none.'),
  defaultVirtualServiceExportTo: textList.describe('Namespaces that see a VirtualService which names none.'),
  defaultDestinationRuleExportTo: textList.describe('Namespaces that see a DestinationRule which names none.'),
  rootNamespace: text.describe('Namespace whose configuration holds for the whole mesh.'),
  localityLbSetting: localityLoadBalancerSetting.describe('Load balancing by region and zone.'),
  zoneAwareLbSetting: zoneAwareLoadBalancerSetting.describe('Load balancing that keeps traffic within the zone.'),
  dnsRefreshRate: duration.describe('How often proxies look host names up anew.'),
  h2UpgradePolicy: h2UpgradePolicy.describe('Whether HTTP/1.1 is sent on as HTTP/2.'),
  inboundClusterStatName: text.describe('Pattern of the names of inbound statistics.'),
  outboundClusterStatName: text.describe('Pattern of the names of outbound statistics.'),
  certificates: z.array(certificate).describe('Accepted for old files; has no effect.'),
  serviceSettings: z.array(serviceSettings).describe('Settings of single hosts.'),
  serviceScopeConfigs: z
    .array(serviceScopeConfigs)
    .describe('Which services of ambient mode are reachable from other clusters.'),
  enablePrometheusMerge: flag.describe("Serve the application's and the proxy's metrics as one."),
  verifyCertificateAtClient: flag.describe('Accepted for old files; use DestinationRules.'),
  ca: certificateAuthority.describe('A certificate authority outside of istiod.'),
  extensionProviders: z
    .array(extensionProvider)
    .describe('Services for authorization, tracing and logs that other resources name.'),
  defaultProviders: defaultProviders.describe('Providers used where none is named.'),
  discoverySelectors: z.array(labelSelector).describe('Namespaces that istiod looks at; all when empty.'),
  pathNormalization: proxyPathNormalization.describe('How paths are made uniform before rules see them.'),
  defaultHttpRetryPolicy: httpRetry.describe('How failed requests are tried again.'),
  defaultInboundHttpRetryPolicy: httpRetry.describe('How a sidecar tries requests to its own workload again.'),
  meshMTLS: tlsConfig.describe('TLS versions and ciphers between workloads.'),
  tlsDefaults: tlsConfig.describe('TLS versions and ciphers elsewhere.'),
  defaultTrafficPolicy: defaultTrafficPolicy.describe(
    'Connection limits and outlier detection where no DestinationRule sets them.',
  ),
  serviceEntryVisibility: serviceEntryVisibility.describe('Which namespaces see ServiceEntries.'),
}));

export const labelSelector = meshMessage('LabelSelector', () => ({
  matchLabels: textMap,
  matchExpressions: z.array(labelSelectorRequirement),
}));

export const labelSelectorRequirement = meshMessage('LabelSelectorRequirement', () => ({
  key: text,
  operator: text,
  values: textList,
}));

const visibility = protoEnum('VISIBILITY_UNSPECIFIED', 'NONE', 'NAMESPACE', 'PUBLIC');

export const visibilityPolicy = meshMessage('Policy', () => ({
  visibility,
  matchingRules: z.array(visibilityMatch),
}));

export const visibilityMatch = meshMessage(
  'MatchRule',
  () => ({
    namespaceSelector: labelSelector,
  }),
  [['namespaceSelector']],
);

export const serviceEntryVisibility = meshMessage('ServiceEntryVisibility', () => ({
  defaultVisibility: visibility,
  applyToSidecars: flag,
  policies: z.array(visibilityPolicy),
}));

export const configSource = meshMessage('ConfigSource', () => ({
  address: text,
  tlsSettings: clientTlsSettings,
  subscribedResources: z.array(configResource),
}));

export const certificate = meshMessage('Certificate', () => ({
  secretName: text,
  dnsNames: textList,
}));

export type MeshConfig = z.infer<typeof meshConfig>;

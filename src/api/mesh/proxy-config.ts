import type { z } from 'zod';
import {
  bool,
  double,
  duration,
  enumeration,
  field,
  int32,
  int64,
  list,
  map,
  message,
  string,
  uint32,
  wrapped,
} from '../proto/message-schema.ts';
import { clientTlsSettings } from '../networking/client-tls-settings.ts';
import { tcpKeepalive } from '../networking/connection-pool.ts';
import { proxyImage } from '../networking/proxy-config.ts';
import { readinessProbe } from '../networking/readiness-probe.ts';

const authenticationPolicy = enumeration({ NONE: 0, MUTUAL_TLS: 1, INHERIT: 1000 });

const forwardClientCertDetails = enumeration([
  'UNDEFINED',
  'SANITIZE',
  'FORWARD_ONLY',
  'APPEND_FORWARD',
  'SANITIZE_SET',
  'ALWAYS_FORWARD_ONLY',
]);

export const zipkin = message('Zipkin', () => ({
  address: string,
}));

export const lightstep = message('Lightstep', () => ({
  address: string,
  accessToken: string,
}));

export const datadog = message('Datadog', () => ({
  address: string,
}));

export const stackdriver = message('Stackdriver', () => ({
  debug: bool,
  maxNumberOfAttributes: wrapped(int64),
  maxNumberOfAnnotations: wrapped(int64),
  maxNumberOfMessageEvents: wrapped(int64),
}));

const traceContext = enumeration(['UNSPECIFIED', 'W3C_TRACE_CONTEXT', 'GRPC_BIN', 'CLOUD_TRACE_CONTEXT', 'B3']);

export const openCensusAgent = message('OpenCensusAgent', () => ({
  address: string,
  context: list(traceContext),
}));

export const customTag = message(
  'CustomTag',
  () => ({
    literal: literalTag,
    environment: environmentTag,
    header: requestHeaderTag,
  }),
  { oneOfs: [['literal', 'environment', 'header']] },
);

export const literalTag = message('Literal', () => ({
  value: string,
}));

export const environmentTag = message('Environment', () => ({
  name: string,
  defaultValue: string,
}));

export const requestHeaderTag = message('RequestHeader', () => ({
  name: string,
  defaultValue: string,
}));

export const tracing = message(
  'Tracing',
  () => ({
    zipkin,
    lightstep,
    datadog,
    stackdriver,
    openCensusAgent,
    customTags: map(customTag),
    maxPathTagLength: uint32,
    sampling: double,
    tlsSettings: clientTlsSettings,
    enableIstioTags: wrapped(bool),
  }),
  { oneOfs: [['zipkin', 'lightstep', 'datadog', 'stackdriver', 'openCensusAgent']] },
);

export const sds = message('SDS', () => ({
  enabled: bool,
  k8sSaJwtPath: string,
}));

export const proxyProtocol = message('ProxyProtocolConfiguration', () => ({}));

export const topology = message('Topology', () => ({
  numTrustedProxies: uint32,
  forwardClientCertDetails,
  proxyProtocol,
}));

export const cryptoMb = message('CryptoMb', () => ({
  pollDelay: duration,
  fallback: wrapped(bool),
}));

export const qat = message('QAT', () => ({
  pollDelay: duration,
  fallback: wrapped(bool),
}));

export const privateKeyProvider = message(
  'PrivateKeyProvider',
  () => ({
    cryptomb: cryptoMb,
    qat,
  }),
  { oneOfs: [['cryptomb', 'qat']] },
);

const tracingServiceName = enumeration([
  'APP_LABEL_AND_NAMESPACE',
  'CANONICAL_NAME_ONLY',
  'CANONICAL_NAME_AND_NAMESPACE',
]);

const inboundInterceptionMode = enumeration(['REDIRECT', 'TPROXY', 'NONE']);

export const proxyStatsMatcher = message('ProxyStatsMatcher', () => ({
  inclusionPrefixes: list(string),
  inclusionSuffixes: list(string),
  inclusionRegexps: list(string),
}));

const metadataExchangeMode = enumeration(['UNDEFINED', 'IN_MESH']);

export const serverHeader = message('Server', () => ({
  disabled: wrapped(bool),
  value: string,
}));

export const requestId = message('RequestId', () => ({
  disabled: wrapped(bool),
}));

export const attemptCount = message('AttemptCount', () => ({
  disabled: wrapped(bool),
}));

export const xForwardedHost = message('XForwardedHost', () => ({
  enabled: wrapped(bool),
}));

export const xForwardedPort = message('XForwardedPort', () => ({
  enabled: wrapped(bool),
}));

export const envoyDebugHeaders = message('EnvoyDebugHeaders', () => ({
  disabled: wrapped(bool),
}));

export const metadataExchangeHeaders = message('MetadataExchangeHeaders', () => ({
  mode: metadataExchangeMode,
}));

export const setCurrentClientCertDetails = message('SetCurrentClientCertDetails', () => ({
  subject: wrapped(bool),
  cert: wrapped(bool),
  chain: wrapped(bool),
  dns: wrapped(bool),
  uri: wrapped(bool),
}));

export const proxyHeaders = message('ProxyHeaders', () => ({
  forwardedClientCert: forwardClientCertDetails,
  setCurrentClientCertDetails,
  requestId,
  server: serverHeader,
  attemptCount,
  envoyDebugHeaders,
  metadataExchangeHeaders,
  preserveHttp1HeaderCase: wrapped(bool),
  xForwardedHost,
  xForwardedPort,
}));

const connectionProfile = enumeration(['SIDECAR', 'EDGE']);

const headersWithUnderscoresAction = enumeration([
  'HEADERS_WITH_UNDERSCORES_UNSPECIFIED',
  'HEADERS_WITH_UNDERSCORES_ALLOW',
  'HEADERS_WITH_UNDERSCORES_REJECT_REQUEST',
  'HEADERS_WITH_UNDERSCORES_DROP_HEADER',
]);

const pathWithEscapedSlashesAction = enumeration([
  'PATH_WITH_ESCAPED_SLASHES_UNSPECIFIED',
  'KEEP_UNCHANGED',
  'REJECT_REQUEST',
  'UNESCAPE_AND_REDIRECT',
  'UNESCAPE_AND_FORWARD',
]);

export const connectionSettings = message('ConnectionSettings', () => ({
  profile: connectionProfile,
  listenerPerConnectionBufferLimitBytes: wrapped(int32),
  clusterPerConnectionBufferLimitBytes: wrapped(int32),
  httpIdleTimeout: duration,
  httpMaxConnectionDuration: duration,
  httpDrainTimeout: duration,
  httpRequestTimeout: duration,
  httpRequestHeadersTimeout: duration,
  httpStreamIdleTimeout: duration,
  httpMaxStreamDuration: duration,
  httpMaxConcurrentStreams: wrapped(int32),
  http2InitialStreamWindowSize: wrapped(int32),
  http2InitialConnectionWindowSize: wrapped(int32),
  httpHeadersWithUnderscoresAction: headersWithUnderscoresAction,
  httpMergeSlashes: wrapped(bool),
  httpPathWithEscapedSlashesAction: pathWithEscapedSlashesAction,
  listenerConnectionLimit: wrapped(int32),
  globalDownstreamConnectionLimit: wrapped(int32),
}));

export const proxyConfig = message(
  'ProxyConfig',
  () => ({
    configPath: field(string, 'Folder of the files that the agent writes.'),
    binaryPath: field(string, 'Path of the Envoy program.'),
    serviceCluster: field(string, 'Name of the workload in traces and statistics.'),
    tracingServiceName: field(tracingServiceName, 'How that name is formed.'),
    drainDuration: field(duration, 'How long connections may take to end on a restart.'),
    discoveryAddress: field(string, 'Address of istiod.'),
    discoveryRefreshDelay: field(duration, 'Accepted for old files; has no effect.'),
    zipkinAddress: field(string, 'Old form of `tracing.zipkin.address`.'),
    statsdUdpAddress: field(string, 'Address for statistics in the statsd form.'),
    envoyMetricsServiceAddress: field(string, 'Old form of `envoyMetricsService.address`.'),
    proxyAdminPort: field(int32, "Port of Envoy's administration."),
    availabilityZone: field(string, 'Accepted for old files; has no effect.'),
    controlPlaneAuthPolicy: field(authenticationPolicy, 'How the proxy proves itself to istiod.'),
    customConfigFile: field(string, 'Bootstrap file to use instead of the generated one.'),
    statNameLength: field(int32, 'Longest name of a statistic.'),
    concurrency: field(wrapped(int32), 'Worker threads; 0 for one per processor.'),
    proxyBootstrapTemplatePath: field(string, 'Template of the bootstrap file.'),
    interceptionMode: field(inboundInterceptionMode, 'How traffic reaches the proxy.'),
    tracing: field(tracing, 'Where and how traces are sent.'),
    sds: field(sds, 'Accepted for old files; has no effect.'),
    envoyAccessLogService: field(remoteService, 'Service that takes the access log.'),
    envoyMetricsService: field(remoteService, 'Service that takes metrics.'),
    proxyMetadata: field(map(string), 'Further environment variables of the proxy.'),
    runtimeValues: field(map(string), 'Runtime settings of Envoy.'),
    statusPort: field(int32, "Port of the agent's health checks."),
    extraStatTags: field(list(string), 'Further labels of the metrics.'),
    gatewayTopology: field(topology, 'What stands between the gateway and its clients.'),
    terminationDrainDuration: field(duration, 'How long connections may take to end when the pod does.'),
    meshId: field(string, 'Name of the mesh.'),
    readinessProbe: field(readinessProbe, 'How a workload outside of Kubernetes is checked.'),
    proxyStatsMatcher: field(proxyStatsMatcher, 'Which further statistics are kept.'),
    holdApplicationUntilProxyStarts: field(wrapped(bool), 'Start the application after the proxy.'),
    caCertificatesPem: field(list(string), 'Further root certificates that the proxy trusts.'),
    image: field(proxyImage, 'Variant of the image.'),
    privateKeyProvider: field(privateKeyProvider, 'Hardware that speeds private keys up.'),
    proxyHeaders: field(proxyHeaders, 'Headers that the proxy adds.'),
    fileFlushInterval: field(duration, 'How often log files are written.'),
    fileFlushMinSizeKb: field(uint32, 'Amount of log text after which it is written.'),
    statsCompression: field(wrapped(bool), 'Offer compressed statistics.'),
    connectionSettings: field(connectionSettings, 'Timeouts and limits of connections from clients.'),
  }),
  { oneOfs: [['serviceCluster', 'tracingServiceName']] },
);

export const remoteService = message('RemoteService', () => ({
  address: string,
  tlsSettings: clientTlsSettings,
  tcpKeepalive,
}));

export type ProxyConfig = z.infer<typeof proxyConfig>;

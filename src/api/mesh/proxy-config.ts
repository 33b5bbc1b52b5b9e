import { z } from 'zod';
import {
  duration,
  flag,
  meshMessage,
  protoEnum,
  protoInt32,
  protoInt64,
  protoNumber,
  protoUint32,
  text,
  textList,
  textMap,
} from '../field-types.ts';
import { tcpKeepalive, clientTlsSettings, proxyImage, readinessProbe } from './traffic.ts';

const authenticationPolicy = protoEnum('NONE', 'MUTUAL_TLS', 'INHERIT');

const forwardClientCertDetails = protoEnum(
  'UNDEFINED',
  'SANITIZE',
  'FORWARD_ONLY',
  'APPEND_FORWARD',
  'SANITIZE_SET',
  'ALWAYS_FORWARD_ONLY',
);

export const zipkin = meshMessage('Zipkin', () => ({
  address: text,
}));

export const lightstep = meshMessage('Lightstep', () => ({
  address: text,
  accessToken: text,
}));

export const datadog = meshMessage('Datadog', () => ({
  address: text,
}));

export const stackdriver = meshMessage('Stackdriver', () => ({
  debug: flag,
  maxNumberOfAttributes: protoInt64,
  maxNumberOfAnnotations: protoInt64,
  maxNumberOfMessageEvents: protoInt64,
}));

const traceContext = protoEnum('UNSPECIFIED', 'W3C_TRACE_CONTEXT', 'GRPC_BIN', 'CLOUD_TRACE_CONTEXT', 'B3');

export const openCensusAgent = meshMessage('OpenCensusAgent', () => ({
  address: text,
  context: z.array(traceContext),
}));

export const customTag = meshMessage(
  'CustomTag',
  () => ({
    literal: literalTag,
    environment: environmentTag,
    header: requestHeaderTag,
  }),
  [['literal', 'environment', 'header']],
);

export const literalTag = meshMessage('Literal', () => ({
  value: text,
}));

export const environmentTag = meshMessage('Environment', () => ({
  name: text,
  defaultValue: text,
}));

export const requestHeaderTag = meshMessage('RequestHeader', () => ({
  name: text,
  defaultValue: text,
}));

export const tracing = meshMessage(
  'Tracing',
  () => ({
    zipkin,
    lightstep,
    datadog,
    stackdriver,
    openCensusAgent,
    customTags: z.record(z.string(), customTag),
    maxPathTagLength: protoUint32,
    sampling: protoNumber,
    tlsSettings: clientTlsSettings,
    enableIstioTags: flag,
  }),
  [['zipkin', 'lightstep', 'datadog', 'stackdriver', 'openCensusAgent']],
);

export const sds = meshMessage('SDS', () => ({
  enabled: flag,
  k8sSaJwtPath: text,
}));

export const proxyProtocol = meshMessage('ProxyProtocolConfiguration', () => ({}));

export const topology = meshMessage('Topology', () => ({
  numTrustedProxies: protoUint32,
  forwardClientCertDetails,
  proxyProtocol,
}));

export const cryptoMb = meshMessage('CryptoMb', () => ({
  pollDelay: duration,
  fallback: flag,
}));

export const qat = meshMessage('QAT', () => ({
  pollDelay: duration,
  fallback: flag,
}));

export const privateKeyProvider = meshMessage(
  'PrivateKeyProvider',
  () => ({
    cryptomb: cryptoMb,
    qat,
  }),
  [['cryptomb', 'qat']],
);

const tracingServiceName = protoEnum('APP_LABEL_AND_NAMESPACE', 'CANONICAL_NAME_ONLY', 'CANONICAL_NAME_AND_NAMESPACE');

const inboundInterceptionMode = protoEnum('REDIRECT', 'TPROXY', 'NONE');

export const proxyStatsMatcher = meshMessage('ProxyStatsMatcher', () => ({
  inclusionPrefixes: textList,
  inclusionSuffixes: textList,
  inclusionRegexps: textList,
}));

const metadataExchangeMode = protoEnum('UNDEFINED', 'IN_MESH');

export const serverHeader = meshMessage('Server', () => ({
  disabled: flag,
  value: text,
}));

export const requestId = meshMessage('RequestId', () => ({
  disabled: flag,
}));

export const attemptCount = meshMessage('AttemptCount', () => ({
  disabled: flag,
}));

export const xForwardedHost = meshMessage('XForwardedHost', () => ({
  enabled: flag,
}));

export const xForwardedPort = meshMessage('XForwardedPort', () => ({
  enabled: flag,
}));

export const envoyDebugHeaders = meshMessage('EnvoyDebugHeaders', () => ({
  disabled: flag,
}));

export const metadataExchangeHeaders = meshMessage('MetadataExchangeHeaders', () => ({
  mode: metadataExchangeMode,
}));

export const setCurrentClientCertDetails = meshMessage('SetCurrentClientCertDetails', () => ({
  subject: flag,
  cert: flag,
  chain: flag,
  dns: flag,
  uri: flag,
}));

export const proxyHeaders = meshMessage('ProxyHeaders', () => ({
  forwardedClientCert: forwardClientCertDetails,
  setCurrentClientCertDetails,
  requestId,
  server: serverHeader,
  attemptCount,
  envoyDebugHeaders,
  metadataExchangeHeaders,
  preserveHttp1HeaderCase: flag,
  xForwardedHost,
  xForwardedPort,
}));

const connectionProfile = protoEnum('SIDECAR', 'EDGE');

const headersWithUnderscoresAction = protoEnum(
  'HEADERS_WITH_UNDERSCORES_UNSPECIFIED',
  'HEADERS_WITH_UNDERSCORES_ALLOW',
  'HEADERS_WITH_UNDERSCORES_REJECT_REQUEST',
  'HEADERS_WITH_UNDERSCORES_DROP_HEADER',
);

const pathWithEscapedSlashesAction = protoEnum(
  'PATH_WITH_ESCAPED_SLASHES_UNSPECIFIED',
  'KEEP_UNCHANGED',
  'REJECT_REQUEST',
  'UNESCAPE_AND_REDIRECT',
  'UNESCAPE_AND_FORWARD',
);

export const connectionSettings = meshMessage('ConnectionSettings', () => ({
  profile: connectionProfile,
  listenerPerConnectionBufferLimitBytes: protoInt32,
  clusterPerConnectionBufferLimitBytes: protoInt32,
  httpIdleTimeout: duration,
  httpMaxConnectionDuration: duration,
  httpDrainTimeout: duration,
  httpRequestTimeout: duration,
  httpRequestHeadersTimeout: duration,
  httpStreamIdleTimeout: duration,
  httpMaxStreamDuration: duration,
  httpMaxConcurrentStreams: protoInt32,
  http2InitialStreamWindowSize: protoInt32,
  http2InitialConnectionWindowSize: protoInt32,
  httpHeadersWithUnderscoresAction: headersWithUnderscoresAction,
  httpMergeSlashes: flag,
  httpPathWithEscapedSlashesAction: pathWithEscapedSlashesAction,
  listenerConnectionLimit: protoInt32,
  globalDownstreamConnectionLimit: protoInt32,
}));

export const proxyConfig = meshMessage(
  'ProxyConfig',
  () => ({
    configPath: text.describe('Folder of the files that the agent writes.'),
    binaryPath: text.describe('Path of the Envoy program.'),
    serviceCluster: text.describe('Name of the workload in traces and statistics.'),
    tracingServiceName: tracingServiceName.describe('How that name is formed.'),
    drainDuration: duration.describe('How long connections may take to end on a restart.'),
    discoveryAddress: text.describe('Address of istiod.'),
    discoveryRefreshDelay: duration.describe('Accepted for old files; has no effect.'),
    zipkinAddress: text.describe('Old form of `tracing.zipkin.address`.'),
    statsdUdpAddress: text.describe('Address for statistics in the statsd form.'),
    envoyMetricsServiceAddress: text.describe('Old form of `envoyMetricsService.address`.'),
    proxyAdminPort: protoInt32.describe("Port of Envoy's administration."),
    availabilityZone: text.describe('Accepted for old files; has no effect.'),
    controlPlaneAuthPolicy: authenticationPolicy.describe('How the proxy proves itself to istiod.'),
    customConfigFile: text.describe('Bootstrap file to use instead of the generated one.'),
    statNameLength: protoInt32.describe('Longest name of a statistic.'),
    concurrency: protoInt32.describe('Worker threads; 0 for one per processor.'),
    proxyBootstrapTemplatePath: text.describe('Template of the bootstrap file.'),
    interceptionMode: inboundInterceptionMode.describe('How traffic reaches the proxy.'),
    tracing: tracing.describe('Where and how traces are sent.'),
    sds: sds.describe('Accepted for old files; has no effect.'),
    envoyAccessLogService: remoteService.describe('Service that takes the access log.'),
    envoyMetricsService: remoteService.describe('Service that takes metrics.'),
    proxyMetadata: textMap.describe('Further environment variables of the proxy.'),
    runtimeValues: textMap.describe('Runtime settings of Envoy.'),
    statusPort: protoInt32.describe("Port of the agent's health checks."),
    extraStatTags: textList.describe('Further labels of the metrics.'),
    gatewayTopology: topology.describe('What stands between the gateway and its clients.'),
    terminationDrainDuration: duration.describe('How long connections may take to end when the pod does.'),
    meshId: text.describe('Name of the mesh.'),
    readinessProbe: readinessProbe.describe('How a workload outside of Kubernetes is checked.'),
    proxyStatsMatcher: proxyStatsMatcher.describe('Which further statistics are kept.'),
    holdApplicationUntilProxyStarts: flag.describe('Start the application after the proxy.'),
    caCertificatesPem: textList.describe('Further root certificates that the proxy trusts.'),
    image: proxyImage.describe('Variant of the image.'),
    privateKeyProvider: privateKeyProvider.describe('Hardware that speeds private keys up.'),
    proxyHeaders: proxyHeaders.describe('Headers that the proxy adds.'),
    fileFlushInterval: duration.describe('How often log files are written.'),
    fileFlushMinSizeKb: protoUint32.describe('Amount of log text after which it is written.'),
    statsCompression: flag.describe('Offer compressed statistics.'),
    connectionSettings: connectionSettings.describe('Timeouts and limits of connections from clients.'),
  }),
  [['serviceCluster', 'tracingServiceName']],
);

export const remoteService = meshMessage('RemoteService', () => ({
  address: text,
  tlsSettings: clientTlsSettings,
  tcpKeepalive,
}));

export type ProxyConfig = z.infer<typeof proxyConfig>;

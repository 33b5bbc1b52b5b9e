import { z } from 'zod';
import {
  duration,
  flag,
  meshMessage,
  protoEnum,
  protoInt32,
  protoInt64,
  protoUint32,
  text,
  textList,
} from '../field-types.ts';

export const tcpKeepalive = meshMessage('TcpKeepalive', () => ({
  probes: protoUint32,
  time: duration,
  interval: duration,
}));

export const tcpSettings = meshMessage('TCPSettings', () => ({
  maxConnections: protoInt32,
  connectTimeout: duration,
  tcpKeepalive,
  maxConnectionDuration: duration,
  idleTimeout: duration,
}));

const h2UpgradePolicy = protoEnum('DEFAULT', 'DO_NOT_UPGRADE', 'UPGRADE');

export const connectionKeepalive = meshMessage('ConnectionKeepalive', () => ({
  interval: duration,
  timeout: duration,
}));

export const httpSettings = meshMessage('HTTPSettings', () => ({
  http1MaxPendingRequests: protoInt32,
  http2MaxRequests: protoInt32,
  maxRequestsPerConnection: protoInt32,
  maxRetries: protoInt32,
  idleTimeout: duration,
  h2UpgradePolicy,
  useClientProtocol: flag,
  maxConcurrentStreams: protoInt32,
  http2KeepAlive: connectionKeepalive,
}));

export const connectionPoolSettings = meshMessage('ConnectionPoolSettings', () => ({
  tcp: tcpSettings,
  http: httpSettings,
}));

export const outlierDetection = meshMessage('OutlierDetection', () => ({
  consecutiveErrors: protoInt32,
  splitExternalLocalOriginErrors: flag,
  consecutiveLocalOriginFailures: protoUint32,
  consecutiveGatewayErrors: protoUint32,
  consecutive5xxErrors: protoUint32,
  interval: duration,
  baseEjectionTime: duration,
  maxEjectionPercent: protoInt32,
  minHealthPercent: protoInt32,
  outlierDetectionHttpErrorCodes: z.array(protoUint32),
}));

const tlsMode = protoEnum('DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL');

export const clientTlsSettings = meshMessage('ClientTLSSettings', () => ({
  mode: tlsMode,
  clientCertificate: text,
  privateKey: text,
  caCertificates: text,
  credentialName: text,
  subjectAltNames: textList,
  sni: text,
  insecureSkipVerify: flag,
  caCrl: text,
}));

export const localityDistribute = meshMessage('Distribute', () => ({
  from: text,
  to: z.record(z.string(), protoUint32),
}));

export const localityFailover = meshMessage('Failover', () => ({
  from: text,
  to: text,
}));

export const localityLoadBalancerSetting = meshMessage('LocalityLoadBalancerSetting', () => ({
  distribute: z.array(localityDistribute),
  failover: z.array(localityFailover),
  failoverPriority: textList,
  enabled: flag,
}));

export const zoneFailover = meshMessage('Failover', () => ({
  from: text,
  to: text,
}));

export const zoneAwareLoadBalancerSetting = meshMessage('ZoneAwareLoadBalancerSetting', () => ({
  enabled: flag,
  failover: z.array(zoneFailover),
  failoverPriority: textList,
  minClusterSize: protoInt64,
}));

export const httpRetry = meshMessage('HTTPRetry', () => ({
  attempts: protoInt32,
  perTryTimeout: duration,
  retryOn: text,
  retryRemoteLocalities: flag,
  retryIgnorePreviousHosts: flag,
  backoff: duration,
}));

export const proxyImage = meshMessage('ProxyImage', () => ({
  imageType: text,
}));

export const readinessProbe = meshMessage(
  'ReadinessProbe',
  () => ({
    initialDelaySeconds: protoInt32,
    timeoutSeconds: protoInt32,
    periodSeconds: protoInt32,
    successThreshold: protoInt32,
    failureThreshold: protoInt32,
    httpGet: httpHealthCheck,
    tcpSocket: tcpHealthCheck,
    exec: execHealthCheck,
    grpc: grpcHealthCheck,
  }),
  [['httpGet', 'tcpSocket', 'exec', 'grpc']],
);

export const httpHealthCheck = meshMessage('HTTPHealthCheckConfig', () => ({
  path: text,
  port: protoUint32,
  host: text,
  scheme: text,
  httpHeaders: z.array(probeHeader),
}));

export const grpcHealthCheck = meshMessage('GrpcHealthCheckConfig', () => ({
  port: protoUint32,
  service: text,
}));

export const probeHeader = meshMessage('HTTPHeader', () => ({
  name: text,
  value: text,
}));

export const tcpHealthCheck = meshMessage('TCPHealthCheckConfig', () => ({
  host: text,
  port: protoUint32,
}));

export const execHealthCheck = meshMessage('ExecHealthCheckConfig', () => ({
  command: textList,
}));

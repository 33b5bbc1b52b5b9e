import type { z } from 'zod';
import { bool, duration, enumeration, field, int32, message, uint32 } from '../proto/message-schema.ts';

export const tcpKeepalive = message('TcpKeepalive', () => ({
  probes: uint32,
  time: duration,
  interval: duration,
}));
export type TcpKeepalive = z.infer<typeof tcpKeepalive>;

export const tcpSettings = message('TcpSettings', () => ({
  maxConnections: int32,
  connectTimeout: duration,
  tcpKeepalive: tcpKeepalive,
  maxConnectionDuration: duration,
  idleTimeout: field(duration, '', { anyLength: true }),
}));
export type TcpSettings = z.infer<typeof tcpSettings>;

export const connectionKeepalive = message('ConnectionKeepalive', () => ({
  interval: duration,
  timeout: duration,
}));
export type ConnectionKeepalive = z.infer<typeof connectionKeepalive>;

export const h2UpgradePolicy = enumeration(['DEFAULT', 'DO_NOT_UPGRADE', 'UPGRADE']);

export const httpSettings = message('HttpSettings', () => ({
  http1MaxPendingRequests: int32,
  http2MaxRequests: int32,
  maxRequestsPerConnection: int32,
  maxRetries: int32,
  idleTimeout: duration,
  h2UpgradePolicy: h2UpgradePolicy,
  useClientProtocol: bool,
  maxConcurrentStreams: int32,
  http2KeepAlive: connectionKeepalive,
}));
export type HttpSettings = z.infer<typeof httpSettings>;

export const connectionPoolSettings = message('ConnectionPoolSettings', () => ({
  tcp: tcpSettings,
  http: httpSettings,
}));
export type ConnectionPoolSettings = z.infer<typeof connectionPoolSettings>;

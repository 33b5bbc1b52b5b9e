import type { z } from 'zod';
import { bool, duration, enumeration, field, int32, message, uint32 } from '../proto/message-schema.ts';

/** Probes by which a dead connection is noticed. */
export const tcpKeepalive = message('TcpKeepalive', () => ({
  probes: field(uint32, 'Probes without an answer until the connection counts as dead.'),
  time: field(duration, 'How long a connection is idle before the first probe.'),
  interval: field(duration, 'Time between probes.'),
}));
export type TcpKeepalive = z.infer<typeof tcpKeepalive>;

/** Limits of TCP connections, also of those that carry HTTP. */
export const tcpSettings = message('TcpSettings', () => ({
  maxConnections: field(int32, 'Connections to a host at most.'),
  connectTimeout: field(duration, 'Time limit for connecting, from 1ms to 1h; 10s when left out.'),
  tcpKeepalive: field(tcpKeepalive, 'Probes by which a dead connection is noticed.'),
  maxConnectionDuration: field(duration, 'How long a connection lives at most.'),
  idleTimeout: field(duration, 'How long a connection may be idle; 1h when left out, 0s means for ever.', {
    anyLength: true,
  }),
}));
export type TcpSettings = z.infer<typeof tcpSettings>;

/** Pings by which a dead HTTP/2 connection is noticed. */
export const connectionKeepalive = message('ConnectionKeepalive', () => ({
  interval: field(duration, 'Time between pings.'),
  timeout: field(duration, 'How long an answer may take.'),
}));
export type ConnectionKeepalive = z.infer<typeof connectionKeepalive>;

export const h2UpgradePolicy = enumeration(['DEFAULT', 'DO_NOT_UPGRADE', 'UPGRADE']);

/** Limits of HTTP requests and connections. */
export const httpSettings = message('HttpSettings', () => ({
  http1MaxPendingRequests: field(int32, 'Requests that may wait for a connection.'),
  http2MaxRequests: field(int32, 'Requests that may run at the same time.'),
  maxRequestsPerConnection: field(
    int32,
    'Requests after which a connection is closed; 1 turns keep-alive off, 0 means no limit.',
  ),
  maxRetries: field(int32, 'Retries that may run at the same time, for all hosts.'),
  idleTimeout: field(duration, 'How long a connection without requests is kept.'),
  h2UpgradePolicy: field(h2UpgradePolicy, 'Whether HTTP/1.1 is upgraded to HTTP/2.'),
  useClientProtocol: field(bool, 'Talks to the service in the protocol of the caller.'),
  maxConcurrentStreams: field(int32, 'Requests that may run at the same time on one HTTP/2 connection.'),
  http2KeepAlive: field(connectionKeepalive, 'Pings by which a dead connection is noticed.'),
}));
export type HttpSettings = z.infer<typeof httpSettings>;

/** Limits of connections and requests. */
export const connectionPoolSettings = message('ConnectionPoolSettings', () => ({
  tcp: field(tcpSettings, 'Limits of connections.'),
  http: field(httpSettings, 'Limits of requests.'),
}));
export type ConnectionPoolSettings = z.infer<typeof connectionPoolSettings>;

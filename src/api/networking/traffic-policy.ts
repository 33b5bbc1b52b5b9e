import type { z } from 'zod';
import {
  double,
  duration,
  enumeration,
  field,
  list,
  message,
  string,
  uint32,
  wrapped,
} from '../proto/message-schema.ts';
import { clientTlsSettings } from './client-tls-settings.ts';
import { connectionPoolSettings } from './connection-pool.ts';
import { portSelector } from './destination.ts';
import { loadBalancerSettings } from './load-balancer.ts';
import { outlierDetection } from './outlier-detection.ts';

/** Settings for one port; what is left out has its default, not the value of the whole service. */
export const portTrafficPolicy = message('PortTrafficPolicy', () => ({
  port: field(portSelector, 'Port of the service.'),
  loadBalancer: field(loadBalancerSettings, 'How an endpoint is chosen.'),
  connectionPool: field(connectionPoolSettings, 'Limits of connections and requests.'),
  outlierDetection: field(outlierDetection, 'Takes endpoints that fail out of the pool.'),
  tls: field(clientTlsSettings, 'TLS of connections to the service.'),
}));
export type PortTrafficPolicy = z.infer<typeof portTrafficPolicy>;

/** Sends traffic through a proxy. */
export const tunnelSettings = message(
  'TunnelSettings',
  () => ({
    protocol: field(string, 'CONNECT, the default, or POST.'),
    targetHost: field(string, 'Host behind the proxy.'),
    targetPort: field(uint32, 'Port behind the proxy.'),
  }),
  { required: ['targetHost', 'targetPort'] },
);
export type TunnelSettings = z.infer<typeof tunnelSettings>;

export const proxyProtocolVersion = enumeration(['V1', 'V2']);

/** Tells the server the caller's address at the begin of the connection. */
export const proxyProtocol = message('ProxyProtocol', () => ({
  version: field(proxyProtocolVersion, 'Version of the protocol; V1 is text, V2 binary.'),
}));
export type ProxyProtocol = z.infer<typeof proxyProtocol>;

/** Limits retries in relation to requests. */
export const retryBudget = message('RetryBudget', () => ({
  percent: field(wrapped(double), 'Retries at most, in percent of the running requests; 20 when left out.', {
    maximum: 100,
    minimum: 0,
  }),
  minRetryConcurrency: field(uint32, 'Retries that are always allowed.'),
  budgetInterval: field(duration, 'Time over which requests are counted.', { anyLength: true }),
}));
export type RetryBudget = z.infer<typeof retryBudget>;

/** How clients connect. */
export const trafficPolicy = message('TrafficPolicy', () => ({
  loadBalancer: field(loadBalancerSettings, 'How an endpoint is chosen.'),
  connectionPool: field(connectionPoolSettings, 'Limits of connections and requests.'),
  outlierDetection: field(outlierDetection, 'Takes endpoints that fail out of the pool.'),
  tls: field(clientTlsSettings, 'TLS of connections to the service.'),
  portLevelSettings: field(list(portTrafficPolicy), 'Settings for single ports.', { maxItems: 4096 }),
  tunnel: field(tunnelSettings, 'Sends traffic through a proxy.'),
  proxyProtocol: field(proxyProtocol, "Tells the server the caller's address."),
  retryBudget: field(retryBudget, 'Limits retries in relation to requests.'),
}));
export type TrafficPolicy = z.infer<typeof trafficPolicy>;

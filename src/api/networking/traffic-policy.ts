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

export const portTrafficPolicy = message('PortTrafficPolicy', () => ({
  port: portSelector,
  loadBalancer: loadBalancerSettings,
  connectionPool: connectionPoolSettings,
  outlierDetection: outlierDetection,
  tls: clientTlsSettings,
}));
export type PortTrafficPolicy = z.infer<typeof portTrafficPolicy>;

export const tunnelSettings = message(
  'TunnelSettings',
  () => ({
    protocol: string,
    targetHost: string,
    targetPort: uint32,
  }),
  { required: ['targetHost', 'targetPort'] },
);
export type TunnelSettings = z.infer<typeof tunnelSettings>;

export const proxyProtocolVersion = enumeration(['V1', 'V2']);

export const proxyProtocol = message('ProxyProtocol', () => ({
  version: proxyProtocolVersion,
}));
export type ProxyProtocol = z.infer<typeof proxyProtocol>;

export const retryBudget = message('RetryBudget', () => ({
  percent: field(wrapped(double), '', { maximum: 100, minimum: 0 }),
  minRetryConcurrency: uint32,
  budgetInterval: field(duration, '', { anyLength: true }),
}));
export type RetryBudget = z.infer<typeof retryBudget>;

export const trafficPolicy = message('TrafficPolicy', () => ({
  loadBalancer: loadBalancerSettings,
  connectionPool: connectionPoolSettings,
  outlierDetection: outlierDetection,
  tls: clientTlsSettings,
  portLevelSettings: field(list(portTrafficPolicy), '', { maxItems: 4096 }),
  tunnel: tunnelSettings,
  proxyProtocol: proxyProtocol,
  retryBudget: retryBudget,
}));
export type TrafficPolicy = z.infer<typeof trafficPolicy>;

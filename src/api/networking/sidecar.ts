import type { z } from 'zod';
import { enumeration, field, list, message, string, uint32 } from '../proto/message-schema.ts';
import { connectionPoolSettings } from './connection-pool.ts';
import { destination } from './destination.ts';
import { serverTlsSettings } from './server-tls-settings.ts';
import { workloadSelector } from './workload-selector.ts';

export const sidecarPort = message('SidecarPort', () => ({
  number: uint32,
  protocol: string,
  name: string,
  targetPort: field(uint32, '', {}, { deprecated: true }),
}));
export type SidecarPort = z.infer<typeof sidecarPort>;

export const captureMode = enumeration(['DEFAULT', 'IPTABLES', 'NONE']);

export const istioIngressListener = message(
  'IstioIngressListener',
  () => ({
    port: sidecarPort,
    bind: string,
    captureMode: captureMode,
    defaultEndpoint: string,
    tls: serverTlsSettings,
    connectionPool: connectionPoolSettings,
  }),
  { required: ['port'] },
);
export type IstioIngressListener = z.infer<typeof istioIngressListener>;

export const istioEgressListener = message(
  'IstioEgressListener',
  () => ({
    port: sidecarPort,
    bind: string,
    captureMode: captureMode,
    hosts: list(string),
  }),
  { required: ['hosts'] },
);
export type IstioEgressListener = z.infer<typeof istioEgressListener>;

export const outboundTrafficPolicyMode = enumeration(['REGISTRY_ONLY', 'ALLOW_ANY']);

export const outboundTrafficPolicy = message('OutboundTrafficPolicy', () => ({
  mode: outboundTrafficPolicyMode,
  egressProxy: destination,
}));
export type OutboundTrafficPolicy = z.infer<typeof outboundTrafficPolicy>;

export const sidecar = message('Sidecar', () => ({
  workloadSelector: workloadSelector,
  ingress: list(istioIngressListener),
  egress: list(istioEgressListener),
  inboundConnectionPool: connectionPoolSettings,
  outboundTrafficPolicy: outboundTrafficPolicy,
}));
export type Sidecar = z.infer<typeof sidecar>;

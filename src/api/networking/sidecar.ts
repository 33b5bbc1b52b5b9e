import type { z } from 'zod';
import { enumeration, field, list, message, string, uint32 } from '../proto/message-schema.ts';
import { connectionPoolSettings } from './connection-pool.ts';
import { destination } from './destination.ts';
import { serverTlsSettings } from './server-tls-settings.ts';
import { workloadSelector } from './workload-selector.ts';

/** A port of a sidecar. */
export const sidecarPort = message('SidecarPort', () => ({
  number: field(uint32, 'Port number.'),
  protocol: field(string, 'Protocol: HTTP, HTTPS, GRPC, HTTP2, MONGO, TCP or TLS; found out when left out.'),
  name: field(string, 'Name of the port.'),
  targetPort: field(uint32, 'Has no effect.', {}, { deprecated: true }),
}));
export type SidecarPort = z.infer<typeof sidecarPort>;

export const captureMode = enumeration(['DEFAULT', 'IPTABLES', 'NONE']);

/** A port at which the sidecar takes traffic for its workload. */
export const istioIngressListener = message(
  'IstioIngressListener',
  () => ({
    port: field(sidecarPort, 'Port at which the sidecar listens.'),
    bind: field(string, 'Address at which the proxy listens.'),
    captureMode: field(captureMode, 'How traffic gets to the port: through IPTABLES, or straight (NONE).'),
    defaultEndpoint: field(
      string,
      'Where the workload listens: 127.0.0.1:PORT, 0.0.0.0:PORT, [::1]:PORT or unix:// and a path.',
    ),
    tls: field(serverTlsSettings, 'TLS for callers outside of the mesh.'),
    connectionPool: field(connectionPoolSettings, 'Limits of connections to the workload.'),
  }),
  { required: ['port'] },
);
export type IstioIngressListener = z.infer<typeof istioIngressListener>;

/** Services that the workload can reach. */
export const istioEgressListener = message(
  'IstioEgressListener',
  () => ({
    port: field(sidecarPort, 'Port that the entry is for; only the last entry may leave it out.'),
    bind: field(string, 'Address at which the proxy listens.'),
    captureMode: field(captureMode, 'How traffic gets to the port: through IPTABLES, or straight (NONE).'),
    hosts: field(list(string), 'Services as namespace/name: . is the own namespace, * all, ~ none.'),
  }),
  { required: ['hosts'] },
);
export type IstioEgressListener = z.infer<typeof istioEgressListener>;

export const outboundTrafficPolicyMode = enumeration(['REGISTRY_ONLY', 'ALLOW_ANY']);

/** What happens to traffic for hosts that are not in the registry. */
export const outboundTrafficPolicy = message('OutboundTrafficPolicy', () => ({
  mode: field(outboundTrafficPolicyMode, 'REGISTRY_ONLY refuses it, ALLOW_ANY lets it pass.'),
  egressProxy: field(destination, 'Gateway that such traffic is sent through.'),
}));
export type OutboundTrafficPolicy = z.infer<typeof outboundTrafficPolicy>;

/** Which ports a sidecar serves and which services it can reach. */
export const sidecar = message('Sidecar', () => ({
  workloadSelector: field(workloadSelector, 'Pods that the settings are for; all of the namespace when left out.'),
  ingress: field(
    list(istioIngressListener),
    "Ports at which traffic comes in; those of the pod's services when left out.",
  ),
  egress: field(list(istioEgressListener), 'Services that can be reached; all when left out.'),
  inboundConnectionPool: field(connectionPoolSettings, 'Limits of connections to the workload.'),
  outboundTrafficPolicy: field(outboundTrafficPolicy, 'What happens to traffic for unknown hosts.'),
}));
export type Sidecar = z.infer<typeof sidecar>;

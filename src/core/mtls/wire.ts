import type { ClientSetting } from './client-mode.ts';
import type { ServerMode } from './server-mode.ts';
import type { Workload } from './workload.ts';

/**
 * What a connection is when it comes to the other side: plain text, mutual TLS of the mesh, its tunnel, TLS that the
 * server alone has a certificate for, or TLS with a certificate that the mesh did not issue.
 */
export type Wire = 'plain' | 'mtls' | 'hbone' | 'tls' | 'own-tls';

/** What decides beside the client's setting when nobody set a mode. */
export interface AutomaticMtls {
  /** Whether the mesh has automatic mutual TLS, and the service is of the mesh. */
  isOn: boolean;
  /** What the namespace of the service says: clients believe it of all that is there. */
  ofNamespace: ServerMode;
  /** All endpoints alike, because clients call them by their own addresses. */
  isDirect: boolean;
  /** Whether every endpoint announces mutual TLS. */
  allAnnounce: boolean;
}

/** The other side of a connection. */
export interface Endpoint {
  workload: Workload | undefined;
  mode: ServerMode;
}

/** What a client sends to an endpoint, and whether that was set or found out. */
export function wireTo(
  client: Workload,
  setting: ClientSetting,
  auto: AutomaticMtls,
  endpoint: Endpoint,
): { wire: Wire; isAutomatic: boolean } {
  const { workload } = endpoint;
  if (client.carrier === 'none') return { wire: 'plain', isAutomatic: false };
  if (client.carrier === 'ambient') return { wire: workload?.speaksHbone ? 'hbone' : 'plain', isAutomatic: true };
  const tunnels = client.speaksHbone && workload?.carrier === 'ambient';
  const set = setWire(client, setting);
  // The tunnel replaces mutual TLS; TLS that somebody set goes through it.
  if (tunnels && set !== 'tls' && set !== 'own-tls') return { wire: 'hbone', isAutomatic: set === undefined };
  if (set !== undefined) return { wire: set, isAutomatic: false };
  return { wire: isMtlsFound(setting, auto, endpoint) ? 'mtls' : 'plain', isAutomatic: true };
}

function setWire(client: Workload, { mode, needsSecret }: ClientSetting): Wire | undefined {
  // Without its Secret, a sidecar sends plain text.
  const isWithout = needsSecret === true && client.carrier === 'sidecar';
  switch (mode) {
    case 'DISABLE':
      return 'plain';
    case 'SIMPLE':
      return isWithout ? 'plain' : 'tls';
    case 'MUTUAL':
      return isWithout ? 'plain' : 'own-tls';
    case 'ISTIO_MUTUAL':
      return 'mtls';
    default:
      return undefined;
  }
}

function isMtlsFound({ endpoints }: ClientSetting, auto: AutomaticMtls, { workload, mode }: Endpoint): boolean {
  if (!auto.isOn || auto.ofNamespace === 'DISABLE') return false;
  if (auto.isDirect) return auto.allAnnounce;
  if (!workload?.announcesMtls) return false;
  return endpoints === undefined ? mode !== 'DISABLE' : endpoints === 'mtls';
}

import { friendlyName } from '../analyze/resource.ts';
import type { TlsCheck } from './tls-check.ts';

/** What to do about a connection that a server does not take, where there is something to do; no full sentence. */
export function adviceFor({ server, client, status }: TlsCheck): string | undefined {
  if (status !== 'CONFLICT') return undefined;
  return client.setting.mode !== undefined && !client.isHidden
    ? aboutRule({ server, client })
    : aboutOthers({ server, client });
}

type Sides = Pick<TlsCheck, 'server' | 'client'>;

function aboutRule({ server, client }: Sides): string {
  const { by, path = '', needsSecret } = client.setting;
  const rule = by ? friendlyName(by) : 'the DestinationRule';
  if (needsSecret && client.wire === 'plain') {
    return `give ${rule} a workloadSelector, without which sidecars do not read the Secret of credentialName`;
  }
  const isMesh = server.carrier === 'sidecar' && server.mode !== 'DISABLE';
  return isMesh
    ? `take tls out of ${rule} (${path}), so that mutual TLS is used by itself, or say ISTIO_MUTUAL there`
    : `take tls out of ${rule} (${path}), or say DISABLE there`;
}

function aboutOthers({ server, client }: Sides): string {
  if (client.wire === 'mtls' || client.wire === 'hbone') {
    return 'the port goes past the proxy of the server: take it out of its annotations, or set DISABLE in a DestinationRule';
  }
  if (client.isHidden) {
    const by = client.hiddenBy ? `name the service in spec.egress of ${friendlyName(client.hiddenBy)}` : 'export it';
    return `the client does not know the service: ${by}, so that mutual TLS is used`;
  }
  const policy = server.by ? friendlyName(server.by) : 'PeerAuthentication';
  return `let the client speak mutual TLS (with a sidecar, and no port left out), or let ${policy} be PERMISSIVE until it does`;
}

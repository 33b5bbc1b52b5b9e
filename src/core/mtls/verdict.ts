import type { Protocol } from './destination.ts';
import type { ServerMode } from './server-mode.ts';
import type { Wire } from './wire.ts';
import type { Carrier } from './workload.ts';

/**
 * `OK`: what the client sends, the server takes. `CONFLICT`: it refuses it, or cannot read it. `DEPENDS`: the
 * application, or what is outside of the mesh, has to speak TLS itself. `NONE`: there is nothing to compare.
 */
export type Status = 'OK' | 'CONFLICT' | 'DEPENDS' | 'NONE';

/** A server as connections come to it. */
export interface Server {
  carrier: Carrier;
  mode: ServerMode;
  protocol: Protocol;
}

/** Whether a server takes what is sent to it, and why. */
export interface Verdict {
  status: Status;
  why: string;
}

const REFUSES_PLAIN = 'plain text is sent where only mutual TLS is taken';
const READS_AS_PLAIN = 'mutual TLS is sent where plain text is expected';
const APPLICATION_SPEAKS = 'TLS comes to the application as it is, which must have a certificate for it';
const NO_TLS_FOR_HTTP = 'TLS that is not of the mesh is sent to a port that is declared as HTTP';
const NOT_OF_MESH = 'TLS without a certificate of the mesh is sent where only mutual TLS is taken';

const OK: Verdict = { status: 'OK', why: '' };

/** Whether a server takes a connection. */
export function judgeConnection(server: Server, wire: Wire): Verdict {
  switch (server.carrier) {
    case 'sidecar':
      return wire === 'hbone' ? OK : atSidecar(server, wire);
    case 'ambient':
      return atZtunnel(server, wire);
    case 'gateway':
      return { status: 'DEPENDS', why: 'a gateway takes what the servers of its Gateway resources say' };
    case 'none':
      return atApplication(wire);
  }
}

/** Whether something outside of the mesh takes it: nobody here knows, but for mutual TLS, for which it has no authority. */
export function judgeOutside(wire: Wire): Verdict {
  return wire === 'mtls' ? { status: 'CONFLICT', why: 'mutual TLS of the mesh is sent out of the mesh' } : OK;
}

function atSidecar({ mode, protocol }: Server, wire: Wire): Verdict {
  if (wire === 'plain') return mode === 'STRICT' ? conflict(REFUSES_PLAIN) : OK;
  if (wire === 'mtls') return mode === 'DISABLE' ? conflict(READS_AS_PLAIN) : OK;
  if (mode === 'STRICT') {
    const why = 'mutual TLS only is taken, so the certificate must be one of the mesh';
    return wire === 'tls' ? conflict(NOT_OF_MESH) : { status: 'DEPENDS', why };
  }
  // A proxy reads requests at such a port, and has no certificate for a TLS that is not the mesh's.
  return protocol === 'http' ? conflict(NO_TLS_FOR_HTTP) : { status: 'DEPENDS', why: APPLICATION_SPEAKS };
}

function atZtunnel({ mode }: Server, wire: Wire): Verdict {
  if (wire === 'hbone') return OK;
  if (mode === 'STRICT') return conflict(wire === 'plain' ? REFUSES_PLAIN : 'only the tunnel of ambient mode is taken');
  return atApplication(wire);
}

/** What goes past every proxy. */
function atApplication(wire: Wire): Verdict {
  if (wire === 'plain') return OK;
  return wire === 'mtls' || wire === 'hbone'
    ? conflict('mutual TLS is sent to a pod without a proxy')
    : { status: 'DEPENDS', why: APPLICATION_SPEAKS };
}

function conflict(why: string): Verdict {
  return { status: 'CONFLICT', why };
}

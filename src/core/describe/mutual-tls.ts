import { fullName } from '../analyze/resource.ts';
import { groupBy } from '../group-by.ts';
import type { Destination, DestinationPort, Protocol } from '../mtls/destination.ts';
import type { EffectiveMode, ServerModes } from '../mtls/server-mode.ts';
import { portOf, type Carrier, type Workload } from '../mtls/workload.ts';

/** Which connections pods take at a port of a service. */
export interface PortTls {
  port: number;
  protocol: Protocol;
  /** Port of the pods; null where their containers name it differently or not at all. */
  target: number | null;
  carrier: Carrier;
  /** Null where no proxy decides. */
  mode: EffectiveMode['mode'] | null;
  /** `namespace/name` of the PeerAuthentication. */
  policy: string | null;
  pods: number;
  of: number;
}

/** The ports of a service with what its pods take there; pods that take the same are one row. */
export function tlsAtPorts(destination: Destination, pods: readonly Workload[], modes: ServerModes): PortTls[] {
  return destination.ports.flatMap((port) => {
    const rows = pods.map((pod) => rowFor(port, pod, modes));
    return [...groupBy(rows, (row) => JSON.stringify(row)).values()].map((alike) => ({
      ...(alike[0] as PortTls),
      pods: alike.length,
      of: pods.length,
    }));
  });
}

function rowFor({ number, protocol, target }: DestinationPort, pod: Workload, modes: ServerModes): PortTls {
  const at = portOf(pod, target);
  const carrier = at !== undefined && pod.goesPast('in', at) ? 'none' : pod.carrier;
  const decided = carrier === 'sidecar' || carrier === 'ambient' ? modes.of(pod, at) : undefined;
  return {
    port: number,
    protocol,
    target: at ?? null,
    carrier,
    mode: decided?.mode ?? null,
    policy: decided?.by ? fullName(decided.by) : null,
    pods: 1,
    of: 1,
  };
}

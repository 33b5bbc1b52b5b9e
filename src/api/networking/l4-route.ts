import type { z } from 'zod';
import { field, int32, list, map, message, string, uint32 } from '../proto/message-schema.ts';
import { destination } from './destination.ts';

/** A destination and its share of the connections. */
export const routeDestination = message(
  'RouteDestination',
  () => ({
    destination: field(destination, 'Service that gets the connections.'),
    weight: field(int32, 'Share relative to the sum of all weights; the only destination gets everything.'),
  }),
  { required: ['destination'] },
);
export type RouteDestination = z.infer<typeof routeDestination>;

/** Conditions on a TCP connection; all of them must hold. */
export const l4MatchAttributes = message('L4MatchAttributes', () => ({
  destinationSubnets: field(list(string), 'IP addresses or ranges of the destination.'),
  port: field(uint32, 'Port at which the connection comes in.'),
  sourceSubnet: field(string, 'IP address or range of the caller; has no effect.'),
  sourceLabels: field(map(string), 'Labels of the calling workload.'),
  gateways: field(list(string), 'Gateways that the condition is for, in place of those at the top.'),
  sourceNamespace: field(string, 'Namespace of the calling workload.'),
}));
export type L4MatchAttributes = z.infer<typeof l4MatchAttributes>;

/** Conditions on a TLS connection that is passed through; all of them must hold. */
export const tlsMatchAttributes = message(
  'TlsMatchAttributes',
  () => ({
    sniHosts: field(list(string), 'Server names of which one must match; each must be covered by hosts at the top.'),
    destinationSubnets: field(list(string), 'IP addresses or ranges of the destination.'),
    port: field(uint32, 'Port at which the connection comes in.'),
    sourceLabels: field(map(string), 'Labels of the calling workload.'),
    gateways: field(list(string), 'Gateways that the condition is for, in place of those at the top.'),
    sourceNamespace: field(string, 'Namespace of the calling workload.'),
  }),
  { required: ['sniHosts'] },
);
export type TlsMatchAttributes = z.infer<typeof tlsMatchAttributes>;

/** What happens to TLS connections that match and are not ended here. */
export const tlsRoute = message(
  'TlsRoute',
  () => ({
    match: field(list(tlsMatchAttributes), 'Conditions of which one must hold.'),
    route: field(list(routeDestination), 'Destinations of the connections.'),
  }),
  { required: ['match'] },
);
export type TlsRoute = z.infer<typeof tlsRoute>;

/** What happens to the TCP connections that match. */
export const tcpRoute = message('TcpRoute', () => ({
  match: field(list(l4MatchAttributes), 'Conditions of which one must hold; none means every connection.'),
  route: field(list(routeDestination), 'Destinations of the connections.'),
}));
export type TcpRoute = z.infer<typeof tcpRoute>;

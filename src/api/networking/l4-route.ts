import type { z } from 'zod';
import { int32, list, map, message, string, uint32 } from '../proto/message-schema.ts';
import { destination } from './destination.ts';

export const routeDestination = message(
  'RouteDestination',
  () => ({
    destination: destination,
    weight: int32,
  }),
  { required: ['destination'] },
);
export type RouteDestination = z.infer<typeof routeDestination>;

export const l4MatchAttributes = message('L4MatchAttributes', () => ({
  destinationSubnets: list(string),
  port: uint32,
  sourceSubnet: string,
  sourceLabels: map(string),
  gateways: list(string),
  sourceNamespace: string,
}));
export type L4MatchAttributes = z.infer<typeof l4MatchAttributes>;

export const tlsMatchAttributes = message(
  'TlsMatchAttributes',
  () => ({
    sniHosts: list(string),
    destinationSubnets: list(string),
    port: uint32,
    sourceLabels: map(string),
    gateways: list(string),
    sourceNamespace: string,
  }),
  { required: ['sniHosts'] },
);
export type TlsMatchAttributes = z.infer<typeof tlsMatchAttributes>;

export const tlsRoute = message(
  'TlsRoute',
  () => ({
    match: list(tlsMatchAttributes),
    route: list(routeDestination),
  }),
  { required: ['match'] },
);
export type TlsRoute = z.infer<typeof tlsRoute>;

export const tcpRoute = message('TcpRoute', () => ({
  match: list(l4MatchAttributes),
  route: list(routeDestination),
}));
export type TcpRoute = z.infer<typeof tcpRoute>;

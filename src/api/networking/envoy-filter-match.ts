import type { z } from 'zod';
import { PORT_IN_RANGE } from '../proto/cel-rules.ts';
import { enumeration, field, map, message, string, uint32 } from '../proto/message-schema.ts';

export const proxyMatch = message('ProxyMatch', () => ({
  proxyVersion: string,
  metadata: map(string),
}));
export type ProxyMatch = z.infer<typeof proxyMatch>;

export const clusterMatch = message('ClusterMatch', () => ({
  portNumber: uint32,
  service: string,
  subset: string,
  name: string,
}));
export type ClusterMatch = z.infer<typeof clusterMatch>;

export const routeAction = enumeration(['ANY', 'ROUTE', 'REDIRECT', 'DIRECT_RESPONSE']);

export const routeMatch = message('RouteMatch', () => ({
  name: string,
  action: routeAction,
}));
export type RouteMatch = z.infer<typeof routeMatch>;

export const virtualHostMatch = message('VirtualHostMatch', () => ({
  name: string,
  domainName: string,
  route: routeMatch,
}));
export type VirtualHostMatch = z.infer<typeof virtualHostMatch>;

export const routeConfigurationMatch = message('RouteConfigurationMatch', () => ({
  portNumber: uint32,
  portName: string,
  gateway: string,
  vhost: virtualHostMatch,
  name: string,
}));
export type RouteConfigurationMatch = z.infer<typeof routeConfigurationMatch>;

export const subFilterMatch = message('SubFilterMatch', () => ({
  name: string,
}));
export type SubFilterMatch = z.infer<typeof subFilterMatch>;

export const filterMatch = message('FilterMatch', () => ({
  name: string,
  subFilter: subFilterMatch,
}));
export type FilterMatch = z.infer<typeof filterMatch>;

export const filterChainMatch = message('FilterChainMatch', () => ({
  name: string,
  sni: string,
  transportProtocol: string,
  applicationProtocols: string,
  filter: filterMatch,
  destinationPort: uint32,
}));
export type FilterChainMatch = z.infer<typeof filterChainMatch>;

export const listenerMatch = message('ListenerMatch', () => ({
  portNumber: uint32,
  portName: string,
  filterChain: filterChainMatch,
  listenerFilter: string,
  name: string,
}));
export type ListenerMatch = z.infer<typeof listenerMatch>;

export const waypointSubFilterMatch = message('WaypointSubFilterMatch', () => ({
  name: string,
}));
export type WaypointSubFilterMatch = z.infer<typeof waypointSubFilterMatch>;

export const waypointFilterMatch = message('WaypointFilterMatch', () => ({
  name: string,
  subFilter: waypointSubFilterMatch,
}));
export type WaypointFilterMatch = z.infer<typeof waypointFilterMatch>;

export const waypointRouteMatch = message('WaypointRouteMatch', () => ({
  name: string,
}));
export type WaypointRouteMatch = z.infer<typeof waypointRouteMatch>;

export const waypointMatch = message('WaypointMatch', () => ({
  portNumber: field(uint32, '', { rules: [PORT_IN_RANGE] }),
  route: waypointRouteMatch,
  filter: waypointFilterMatch,
}));
export type WaypointMatch = z.infer<typeof waypointMatch>;

export const patchContext = enumeration(['ANY', 'SIDECAR_INBOUND', 'SIDECAR_OUTBOUND', 'GATEWAY', 'WAYPOINT']);

export const envoyConfigObjectMatch = message(
  'EnvoyConfigObjectMatch',
  () => ({
    context: patchContext,
    proxy: proxyMatch,
    listener: listenerMatch,
    routeConfiguration: routeConfigurationMatch,
    cluster: clusterMatch,
    waypoint: waypointMatch,
  }),
  {
    oneOfs: [['listener', 'routeConfiguration', 'cluster', 'waypoint']],
    rules: [
      {
        rule: 'has(self.context) ? ((self.context == "WAYPOINT") ? has(self.waypoint) : !has(self.waypoint)) : !has(self.waypoint)',
        message: 'waypoint goes with context WAYPOINT, and with no other',
      },
    ],
  },
);
export type EnvoyConfigObjectMatch = z.infer<typeof envoyConfigObjectMatch>;

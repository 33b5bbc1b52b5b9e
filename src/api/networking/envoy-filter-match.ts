import type { z } from 'zod';
import { PORT_IN_RANGE } from '../proto/cel-rules.ts';
import { enumeration, field, map, message, string, uint32 } from '../proto/message-schema.ts';

/** Conditions on the proxy. */
export const proxyMatch = message('ProxyMatch', () => ({
  proxyVersion: field(string, "Regular expression for the proxy's version."),
  metadata: field(map(string), 'Metadata that the proxy must have.'),
}));
export type ProxyMatch = z.infer<typeof proxyMatch>;

/** Conditions on a cluster. */
export const clusterMatch = message('ClusterMatch', () => ({
  portNumber: field(uint32, 'Port number.'),
  service: field(string, 'Fully qualified name of the service.'),
  subset: field(string, 'Subset of the service.'),
  name: field(string, 'Full name of the cluster, in place of the other conditions.'),
}));
export type ClusterMatch = z.infer<typeof clusterMatch>;

export const routeAction = enumeration(['ANY', 'ROUTE', 'REDIRECT', 'DIRECT_RESPONSE']);

/** Conditions on a route. */
export const routeMatch = message('RouteMatch', () => ({
  name: field(string, 'Name of the route.'),
  action: field(routeAction, 'What the route does.'),
}));
export type RouteMatch = z.infer<typeof routeMatch>;

/** Conditions on a virtual host. */
export const virtualHostMatch = message('VirtualHostMatch', () => ({
  name: field(string, 'Name of the virtual host.'),
  domainName: field(string, 'Domain of the virtual host.'),
  route: field(routeMatch, 'Route of the virtual host.'),
}));
export type VirtualHostMatch = z.infer<typeof virtualHostMatch>;

/** Conditions on a route configuration. */
export const routeConfigurationMatch = message('RouteConfigurationMatch', () => ({
  portNumber: field(uint32, 'Port number.'),
  portName: field(string, "Name of the gateway's port."),
  gateway: field(string, 'Gateway that it was made from, as namespace/name.'),
  vhost: field(virtualHostMatch, 'Virtual host in it.'),
  name: field(string, 'Name of the route configuration.'),
}));
export type RouteConfigurationMatch = z.infer<typeof routeConfigurationMatch>;

/** Conditions on a filter inside of a filter. */
export const subFilterMatch = message('SubFilterMatch', () => ({
  name: field(string, 'Name of the inner filter.'),
}));
export type SubFilterMatch = z.infer<typeof subFilterMatch>;

/** Conditions on a filter. */
export const filterMatch = message('FilterMatch', () => ({
  name: field(string, 'Name of the filter.'),
  subFilter: field(subFilterMatch, 'Filter inside of it, such as an HTTP filter.'),
}));
export type FilterMatch = z.infer<typeof filterMatch>;

/** Conditions on a filter chain. */
export const filterChainMatch = message('FilterChainMatch', () => ({
  name: field(string, 'Name of the filter chain.'),
  sni: field(string, 'Server name of the filter chain.'),
  transportProtocol: field(string, 'Transport protocol: raw_buffer or tls.'),
  applicationProtocols: field(string, 'Application protocols, separated by commas.'),
  filter: field(filterMatch, 'Filter in the chain.'),
  destinationPort: field(uint32, 'Destination port of the chain.'),
  transportSocket: field(string, 'Name of the transport socket of the chain.'),
}));
export type FilterChainMatch = z.infer<typeof filterChainMatch>;

/** Conditions on a listener. */
export const listenerMatch = message('ListenerMatch', () => ({
  portNumber: field(uint32, 'Port number.'),
  portName: field(string, 'Not supported.'),
  filterChain: field(filterChainMatch, 'Filter chain of the listener.'),
  listenerFilter: field(string, 'Listener filter.'),
  name: field(string, 'Name of the listener.'),
}));
export type ListenerMatch = z.infer<typeof listenerMatch>;

/** Conditions on a filter inside of a filter. */
export const waypointSubFilterMatch = message('WaypointSubFilterMatch', () => ({
  name: field(string, 'Name of the inner filter.'),
}));
export type WaypointSubFilterMatch = z.infer<typeof waypointSubFilterMatch>;

/** Conditions on a filter of a waypoint. */
export const waypointFilterMatch = message('WaypointFilterMatch', () => ({
  name: field(string, 'Name of the filter.'),
  subFilter: field(waypointSubFilterMatch, 'Filter inside of it.'),
}));
export type WaypointFilterMatch = z.infer<typeof waypointFilterMatch>;

/** Conditions on a route of a waypoint. */
export const waypointRouteMatch = message('WaypointRouteMatch', () => ({
  name: field(string, 'Name of the route.'),
}));
export type WaypointRouteMatch = z.infer<typeof waypointRouteMatch>;

/** Conditions on the configuration of a waypoint. */
export const waypointMatch = message('WaypointMatch', () => ({
  portNumber: field(uint32, 'Port number.', { rules: [PORT_IN_RANGE] }),
  route: field(waypointRouteMatch, 'Route of the waypoint.'),
  filter: field(waypointFilterMatch, 'Filter of the waypoint.'),
}));
export type WaypointMatch = z.infer<typeof waypointMatch>;

export const patchContext = enumeration(['ANY', 'SIDECAR_INBOUND', 'SIDECAR_OUTBOUND', 'GATEWAY', 'WAYPOINT']);

/** What a patch applies to. */
export const envoyConfigObjectMatch = message(
  'EnvoyConfigObjectMatch',
  () => ({
    context: field(patchContext, 'Direction of the traffic, or kind of proxy.'),
    proxy: field(proxyMatch, 'Conditions on the proxy.'),
    listener: field(listenerMatch, 'Conditions on a listener.'),
    routeConfiguration: field(routeConfigurationMatch, 'Conditions on a route configuration.'),
    cluster: field(clusterMatch, 'Conditions on a cluster.'),
    waypoint: field(waypointMatch, 'Conditions on a waypoint; goes with context WAYPOINT.'),
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

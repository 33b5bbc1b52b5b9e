import type { VirtualService } from '../../../api/networking/virtual-service.ts';
import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import { message, type Message } from '../messages.ts';
import { fullName, specAs, type Resource } from '../resource.ts';
import { indexServiceHosts, type KnownHost } from '../service-hosts.ts';
import type { World } from '../world.ts';
import { mirrorDestinations, routeDestinations, type RouteDestination } from './virtual-service-destinations.ts';

function checkPort(resource: Resource, destination: RouteDestination, known: KnownHost): Message[] {
  const { host, port, path } = destination;
  const ports = known.ports.join(', ');
  if (port === undefined) {
    if (known.ports.length < 2) return [];
    const text = `${host} has several ports (${ports}): name the one to route to in destination.port.number.`;
    return [message('IST0112', resource, text, `${path}.host`)];
  }
  if (known.ports.includes(port)) return [];
  const text = `host:port not found: ${host}:${String(port)}; the host has ports ${ports || 'none'}.`;
  return [message('IST0101', resource, text, `${path}.port.number`)];
}

function checkDestinations(resource: Resource, find: (host: string) => KnownHost | undefined): Message[] {
  return [...routeDestinations(resource), ...mirrorDestinations(resource)].flatMap((destination) => {
    const known = find(destination.host);
    if (known) return checkPort(resource, destination, known);
    const what = destination.mirrored ? 'mirror host' : 'host';
    const text = `${what} not found: "${destination.host}" is no Service or ServiceEntry that namespace ${resource.namespace || 'default'} sees.`;
    return [message('IST0101', resource, text, `${destination.path}.host`)];
  });
}

interface SubsetRoute {
  resource: Resource;
  host: string;
}

/** Routes of VirtualServices that split their own host into subsets. */
function subsetRoutes(world: World): SubsetRoute[] {
  return world.list(KIND.virtualService).flatMap((resource) => {
    const { http = [], hosts = [] } = specAs<VirtualService>(resource);
    return http
      .flatMap(({ route }) => route ?? [])
      .filter(({ destination }) => destination?.subset && hosts.includes(destination.host ?? ''))
      .map(({ destination }) => ({ resource, host: destination?.host ?? '' }));
  });
}

/** A route from a gateway to a host, while another VirtualService splits the host for the mesh: the split does not apply. */
function checkIgnoredSplits(resource: Resource, splits: readonly SubsetRoute[]): Message[] {
  const { gateways, http = [] } = specAs<VirtualService>(resource);
  if (!gateways || gateways.length === 0) return [];
  return http.flatMap(({ route = [] }, i) =>
    route.flatMap(({ destination }, j) => {
      if (destination?.subset) return [];
      const path = `spec.http[${i}].route[${j}].destination.host`;
      return splits
        .filter(({ host }) => host === (destination?.host ?? ''))
        .map((split) => {
          const text = `Subsets of ${split.host} in VirtualService ${fullName(split.resource)} do not apply to traffic that ${fullName(resource)} takes from a gateway: name the subset in this route too.`;
          return message('IST0140', resource, text, path);
        });
    }),
  );
}

/** Destinations that do not exist, or whose port is missing or unclear. */
export const destinationHosts: Analyzer = {
  name: 'virtualservice.DestinationHostAnalyzer',
  inputs: [KIND.serviceEntry, KIND.virtualService, KIND.service],
  analyze: (world) => {
    const lookup = indexServiceHosts(world);
    const splits = subsetRoutes(world);
    return world.list(KIND.virtualService).flatMap((resource) => {
      const { exportTo } = specAs<VirtualService>(resource);
      const seenFrom = { namespace: resource.namespace, exportTo };
      return [
        ...checkDestinations(resource, (host) => lookup.find(host, seenFrom)),
        ...checkIgnoredSplits(resource, splits),
      ];
    });
  },
};

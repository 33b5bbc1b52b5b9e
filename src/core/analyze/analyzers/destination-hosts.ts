import type { VirtualService } from '../../../api/networking/virtual-service.ts';
import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import { lookedUpAs } from '../looked-up.ts';
import { message, missing, type Message } from '../messages.ts';
import { fullName, specAs, type Resource } from '../resource.ts';
import { findServiceHost, providerNeed, type KnownHost } from '../service-hosts.ts';
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
  return [missing(message('IST0101', resource, text, `${path}.port.number`), providerNeed(host, resource.namespace))];
}

function checkDestinations(world: World, resource: Resource): Message[] {
  const { exportTo } = specAs<VirtualService>(resource);
  return [...routeDestinations(resource), ...mirrorDestinations(resource)].flatMap((destination) => {
    const known = findServiceHost(world, destination.host, { namespace: resource.namespace, exportTo });
    if (known) return checkPort(resource, destination, known);
    const what = destination.mirrored ? 'mirror host' : 'host';
    const text = `${what} not found: "${destination.host}" is no Service or ServiceEntry that namespace ${resource.namespace || 'default'} sees.`;
    const need = providerNeed(destination.host, resource.namespace);
    return [missing(message('IST0101', resource, text, `${destination.path}.host`), need)];
  });
}

/** The VirtualServices that split a host of their own into subsets, once for each such route. */
function listSplits(world: World, host: string): Resource[] {
  return world.listMentioning(KIND.virtualService, host).flatMap((resource) => {
    const { http = [], hosts = [] } = lookedUpAs(KIND.virtualService, resource);
    if (!hosts.includes(host)) return [];
    const routes = http.flatMap(({ route = [] }) => route);
    return routes.flatMap(({ destination }) => (destination?.subset && destination.host === host ? [resource] : []));
  });
}

/** A route from a gateway to a host, while another VirtualService splits the host for the mesh: the split does not apply. */
function checkIgnoredSplits(world: World, resource: Resource): Message[] {
  const { gateways, http = [] } = specAs<VirtualService>(resource);
  if (!gateways || gateways.length === 0) return [];
  return http.flatMap(({ route = [] }, i) =>
    route.flatMap(({ destination }, j) => {
      if (destination?.subset) return [];
      const path = `spec.http[${i}].route[${j}].destination.host`;
      const host = destination?.host ?? '';
      return listSplits(world, host).map((split) => {
        const text = `Subsets of ${host} in VirtualService ${fullName(split)} do not apply to traffic that ${fullName(resource)} takes from a gateway: name the subset in this route too.`;
        return message('IST0140', resource, text, path);
      });
    }),
  );
}

/** Destinations that do not exist, or whose port is missing or unclear. */
export const destinationHosts: Analyzer = {
  name: 'virtualservice.DestinationHostAnalyzer',
  inputs: [KIND.serviceEntry, KIND.virtualService, KIND.service],
  atAdmission: [KIND.virtualService],
  analyze: (world) =>
    world
      .list(KIND.virtualService)
      .flatMap((resource) => [...checkDestinations(world, resource), ...checkIgnoredSplits(world, resource)]),
};

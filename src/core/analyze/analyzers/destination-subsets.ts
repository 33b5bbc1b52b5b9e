import type { Analyzer } from '../analyzer.ts';
import { serviceOfHost } from '../hosts.ts';
import { KIND } from '../kinds.ts';
import { serviceMention } from '../mentions.ts';
import { lookedUpAs } from '../looked-up.ts';
import { message, missing, type Need } from '../messages.ts';
import type { World } from '../world.ts';
import { mirrorDestinations, routeDestinations, type RouteDestination } from './virtual-service-destinations.ts';

function isDefined(world: World, { host, subset }: RouteDestination, namespace: string): boolean {
  return world
    .listMentioning(KIND.destinationRule, serviceMention(host, namespace))
    .some((rule) => (lookedUpAs(KIND.destinationRule, rule).subsets ?? []).some(({ name = '' }) => name === subset));
}

/** Where a DestinationRule for the host may be: beside the route, or beside the service. */
function ruleNeeds(host: string, namespace: string): Need[] {
  const namespaces = new Set([namespace, serviceOfHost(host, namespace).namespace]);
  return [...namespaces].map((each) => ({ kind: KIND.destinationRule, name: host, namespace: each }));
}

/** Subsets that routes name and no DestinationRule defines. */
export const destinationSubsets: Analyzer = {
  name: 'virtualservice.DestinationRuleAnalyzer',
  inputs: [KIND.virtualService, KIND.destinationRule],
  atAdmission: [KIND.virtualService],
  analyze: (world) =>
    world.list(KIND.virtualService).flatMap((resource) =>
      [...routeDestinations(resource), ...mirrorDestinations(resource)]
        .filter((destination) => destination.subset !== '' && !isDefined(world, destination, resource.namespace))
        .map(({ host, subset, path, mirrored }) => {
          const what = mirrored ? 'mirror+subset' : 'host+subset';
          const text = `${what} in destinationrule not found: "${host}+${subset}". Traffic to it fails with 503: add the subset to a DestinationRule of the host.`;
          return missing(message('IST0101', resource, text, `${path}.subset`), ...ruleNeeds(host, resource.namespace));
        }),
    ),
};

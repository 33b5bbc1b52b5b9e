import type { DestinationRule } from '../../../api/networking/destination-rule.ts';
import type { Analyzer } from '../analyzer.ts';
import { serviceOfHost } from '../hosts.ts';
import { KIND } from '../kinds.ts';
import { message } from '../messages.ts';
import { specAs } from '../resource.ts';
import { mirrorDestinations, routeDestinations } from './virtual-service-destinations.ts';

function subsetKey(host: string, subset: string, namespace: string): string {
  const service = serviceOfHost(host, namespace);
  return `${service.namespace}/${service.name}/${subset}`;
}

/** Subsets that routes name and no DestinationRule defines. */
export const destinationSubsets: Analyzer = {
  name: 'virtualservice.DestinationRuleAnalyzer',
  inputs: [KIND.virtualService, KIND.destinationRule],
  analyze: (world) => {
    const defined = new Set(
      world.list(KIND.destinationRule).flatMap((rule) => {
        const { host = '', subsets = [] } = specAs<DestinationRule>(rule);
        return subsets.map(({ name = '' }) => subsetKey(host, name, rule.namespace));
      }),
    );
    return world.list(KIND.virtualService).flatMap((resource) =>
      [...routeDestinations(resource), ...mirrorDestinations(resource)]
        .filter(({ host, subset }) => subset !== '' && !defined.has(subsetKey(host, subset, resource.namespace)))
        .map(({ host, subset, path, mirrored }) => {
          const what = mirrored ? 'mirror+subset' : 'host+subset';
          const text = `${what} in destinationrule not found: "${host}+${subset}". Traffic to it fails with 503: add the subset to a DestinationRule of the host.`;
          return message('IST0101', resource, text, `${path}.subset`);
        }),
    );
  },
};

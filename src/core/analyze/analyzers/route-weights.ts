import type { VirtualService } from '../../../api/networking/virtual-service.ts';
import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import { message, type Message } from '../messages.ts';
import { specAs, type Resource } from '../resource.ts';

function check(resource: Resource): Message[] {
  const spec = specAs<VirtualService>(resource);
  return (['http', 'tcp', 'tls'] as const).flatMap((protocol) =>
    (spec[protocol] ?? []).flatMap(({ route = [] }, i) => {
      const total = route.reduce((sum, { weight = 0 }) => sum + weight, 0);
      if (route.length < 2 || total === 0 || total === 100) return [];
      const text = `The weights add up to ${String(total)}, not 100: Istio takes them as shares of ${String(total)}, which is rarely what was meant.`;
      return [message('SWT0003', resource, text, `spec.${protocol}[${i}].route`)];
    }),
  );
}

/** Weights of a route that are no percentages. */
export const routeWeights: Analyzer = {
  name: 'sailwright.RouteWeightAnalyzer',
  inputs: [KIND.virtualService],
  analyze: (world) => world.list(KIND.virtualService).flatMap(check),
};

import type { VirtualService } from '../../../api/networking/virtual-service.ts';
import type { ValidationTraits } from '../../istio/traits.ts';
import { adviseVirtualService } from '../../validate/networking/virtual-service/index.ts';
import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import { message, type Message } from '../messages.ts';
import { specAs, type Resource } from '../resource.ts';
import { releaseIn } from '../world.ts';

function check(resource: Resource, traits: ValidationTraits): Message[] {
  const { name, namespace, labels, annotations } = resource;
  const spec = specAs<VirtualService>(resource);
  const advice = adviseVirtualService({ kind: 'VirtualService', name, namespace, labels, annotations, traits, spec });
  return advice.map(({ path, message: text }) => message('SWT0003', resource, `The ${text}.`, path));
}

/** Weights of a route that are no percentages. */
export const routeWeights: Analyzer = {
  name: 'sailwright.RouteWeightAnalyzer',
  inputs: [KIND.virtualService],
  analyze: (world) => {
    const { traits } = releaseIn(world);
    return world.list(KIND.virtualService).flatMap((resource) => check(resource, traits));
  },
};

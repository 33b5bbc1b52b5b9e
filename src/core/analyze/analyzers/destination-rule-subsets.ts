import type { DestinationRule } from '../../../api/networking/destination-rule.ts';
import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import type { PodSpecView } from '../kubernetes-views.ts';
import { message, type Message } from '../messages.ts';
import { specAs, type Resource } from '../resource.ts';
import { hasLabels, selectorText, type Labels } from '../../label-selector.ts';
import { indexServiceHosts, type HostLookup } from '../service-hosts.ts';
import type { World } from '../world.ts';

const REGION = 'topology.kubernetes.io/region';
const ZONE = 'topology.kubernetes.io/zone';
const SUBZONE = 'topology.istio.io/subzone';

/** Labels of the place where a pod runs, by which subsets may select too. A zone counts only within a region. */
function placeLabels(world: World, pod: Resource): Labels {
  const { nodeName } = specAs<PodSpecView>(pod);
  if (!nodeName) return {};
  const node = world.find(KIND.node, { namespace: '', name: nodeName })?.labels ?? {};
  const place: Record<string, string> = { 'kubernetes.io/hostname': nodeName };
  const { [REGION]: region, [ZONE]: zone, [SUBZONE]: subzone } = node;
  if (region) place[REGION] = region;
  if (zone) place[ZONE] = zone;
  if (zone && subzone) place[SUBZONE] = subzone;
  return place;
}

function check(resource: Resource, lookup: HostLookup, pods: readonly Labels[]): Message[] {
  const { host = '', exportTo, subsets = [] } = specAs<DestinationRule>(resource);
  const known = lookup.find(host, { namespace: resource.namespace, exportTo });
  if (!known) {
    const text = `Host ${host} is no Service or ServiceEntry that namespace ${resource.namespace || 'default'} sees: the rule applies to nothing.`;
    return [message('IST0174', resource, text, 'spec.host')];
  }
  return subsets.flatMap(({ name = '', labels = {} }, i) => {
    const wanted = { ...known.workloadLabels, ...labels };
    if (pods.some((pod) => hasLabels(pod, wanted))) return [];
    const text = `Subset ${name} selects no pod (${selectorText(wanted)}): requests routed to it fail with 503.`;
    return [message('IST0173', resource, text, `spec.subsets[${i}].labels`)];
  });
}

/** Destination rules for unknown hosts, and subsets without pods. */
export const destinationRuleSubsets: Analyzer = {
  name: 'destinationrule.SubsetSelectPodAnalyzer',
  inputs: [KIND.destinationRule, KIND.pod, KIND.service, KIND.serviceEntry, KIND.node],
  analyze: (world) => {
    const rules = world.list(KIND.destinationRule);
    if (rules.length === 0) return [];
    const lookup = indexServiceHosts(world);
    const pods = world.list(KIND.pod).map((pod) => ({ ...pod.labels, ...placeLabels(world, pod) }));
    return rules.flatMap((resource) => check(resource, lookup, pods));
  },
};

import type { ServiceEntry } from '../../../api/networking/service-entry.ts';
import type { DestinationRule } from '../../../api/networking/destination-rule.ts';
import type { Analyzer } from '../analyzer.ts';
import { serviceOfHost } from '../hosts.ts';
import { KIND } from '../kinds.ts';
import type { PodSpecView } from '../kubernetes-views.ts';
import { message, missing, podNeed, type Message } from '../messages.ts';
import { specAs, type Resource } from '../resource.ts';
import { hasLabels, selectorText, type Labels } from '../../label-selector.ts';
import { findServiceHost, providerNeed, type KnownHost } from '../service-hosts.ts';
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

function findHost(world: World, resource: Resource): KnownHost | undefined {
  const { host = '', exportTo } = specAs<DestinationRule>(resource);
  return findServiceHost(world, host, { namespace: resource.namespace, exportTo });
}

function workloadLabelsOf({ provider }: KnownHost): Labels {
  if (provider.kind !== KIND.serviceEntry) return {};
  return specAs<ServiceEntry>(provider).workloadSelector?.labels ?? {};
}

function checkSubsets(world: World, resource: Resource, pods: readonly Labels[]): Message[] {
  const known = findHost(world, resource);
  if (!known) return [];
  const { namespace } = serviceOfHost(specAs<DestinationRule>(resource).host ?? '', resource.namespace);
  return (specAs<DestinationRule>(resource).subsets ?? []).flatMap(({ name = '', labels = {} }, i) => {
    const wanted = { ...workloadLabelsOf(known), ...labels };
    if (pods.some((pod) => hasLabels(pod, wanted))) return [];
    const text = `Subset ${name} selects no pod (${selectorText(wanted)}): requests routed to it fail with 503.`;
    return [missing(message('IST0173', resource, text, `spec.subsets[${i}].labels`), podNeed(wanted, namespace))];
  });
}

/** Destination rules for unknown hosts. */
export const destinationRuleHosts: Analyzer = {
  name: 'destinationrule.SubsetSelectPodAnalyzer',
  inputs: [KIND.destinationRule, KIND.service, KIND.serviceEntry],
  atAdmission: [KIND.destinationRule],
  analyze: (world) =>
    world.list(KIND.destinationRule).flatMap((resource) => {
      if (findHost(world, resource)) return [];
      const { host = '' } = specAs<DestinationRule>(resource);
      const text = `Host ${host} is no Service or ServiceEntry that namespace ${resource.namespace || 'default'} sees: the rule applies to nothing.`;
      return [missing(message('IST0174', resource, text, 'spec.host'), providerNeed(host, resource.namespace))];
    }),
};

/** Subsets without pods. */
export const destinationRuleSubsets: Analyzer = {
  name: 'destinationrule.SubsetSelectPodAnalyzer',
  inputs: [KIND.destinationRule, KIND.pod, KIND.service, KIND.serviceEntry, KIND.node],
  analyze: (world) => {
    const rules = world.list(KIND.destinationRule);
    if (rules.length === 0) return [];
    const pods = world.list(KIND.pod).map((pod) => ({ ...pod.labels, ...placeLabels(world, pod) }));
    return rules.flatMap((resource) => checkSubsets(world, resource, pods));
  },
};

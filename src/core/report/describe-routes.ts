import type { DestinationRule } from '../../api/networking/destination-rule.ts';
import type { Gateway } from '../../api/networking/gateway.ts';
import type { HttpMatchRequest } from '../../api/networking/http-match-request.ts';
import type { HttpRoute } from '../../api/networking/http-route.ts';
import type { StringMatch } from '../../api/networking/string-match.ts';
import type { VirtualService } from '../../api/networking/virtual-service.ts';
import { toFqdn } from '../analyze/hosts.ts';
import { KIND } from '../analyze/kinds.ts';
import type { ServiceView } from '../analyze/kubernetes-views.ts';
import { friendlyName, fullName, specAs, type Resource } from '../analyze/resource.ts';
import { findServiceHost } from '../analyze/service-hosts.ts';
import { parseReference, type World } from '../analyze/world.ts';
import { groupBy } from '../group-by.ts';
import type { KubeObject } from '../kube-object.ts';
import { hasLabels, selectorText, type Labels } from '../label-selector.ts';
import type {
  GatewayNode,
  MatchNode,
  RouteMap,
  RuleNode,
  ServiceNode,
  TargetNode,
  VirtualServiceNode,
  WorkloadNode,
} from './route-map.ts';
import { workloadOfPod } from './workload-of-pod.ts';

const MESH = 'mesh';

/** Gateways, routes of HTTP and services of a mesh. */
export function describeRoutes(world: World, pods: readonly KubeObject[]): RouteMap {
  const byNamespace = groupBy(pods, ({ metadata }) => metadata.namespace);
  const select: Select = (labels, namespace) => {
    const among = namespace === undefined ? pods : (byNamespace.get(namespace) ?? []);
    return countWorkloads(among.filter(({ metadata }) => hasLabels(metadata.labels ?? {}, labels)));
  };
  const virtualServices = world.list(KIND.virtualService).map(describeVirtualService);
  const viewers = new Map<string, string>();
  for (const { name, rules } of virtualServices) {
    const { namespace } = parseReference(name, '');
    for (const { host } of rules.flatMap(({ targets }) => targets)) viewers.set(host, namespace);
  }
  return {
    gateways: world.list(KIND.gateway).map((resource) => describeGateway(resource, select)),
    virtualServices,
    services: [...viewers].map(([host, namespace]) => describeService(world, host, { namespace, select })),
  };
}

/** The workloads of pods with labels, in one namespace or in all. */
type Select = (labels: Labels, namespace?: string) => WorkloadNode[];

function countWorkloads(pods: readonly KubeObject[]): WorkloadNode[] {
  const counts = new Map<string, number>();
  for (const pod of pods) {
    const { kind, namespace, workload } = workloadOfPod(pod);
    const name = `${kind} ${namespace}/${workload}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => ({ name, pods: count }));
}

function describeGateway(resource: Resource, select: Select): GatewayNode {
  const { servers = [], selector = {} } = specAs<Gateway>(resource);
  return {
    name: fullName(resource),
    servers: servers.map(({ port, hosts = [] }) => ({
      port: port?.number ?? 0,
      protocol: port?.protocol ?? '',
      // A namespace before the host says whose routes may use it.
      hosts: hosts.map((host) => host.slice(host.indexOf('/') + 1)),
    })),
    workloads: Object.keys(selector).length === 0 ? [] : select(selector),
  };
}

function describeVirtualService(resource: Resource): VirtualServiceNode {
  const { namespace } = resource;
  const { hosts = [], gateways = [], http = [] } = specAs<VirtualService>(resource);
  return {
    name: fullName(resource),
    hosts: hosts.map((host) => toFqdn(host, namespace)),
    gateways: gateways.length === 0 ? [MESH] : gateways.map((gateway) => gatewayName(gateway, namespace)),
    rules: http.map((rule, at) => describeRule(rule, at, namespace)),
  };
}

function gatewayName(text: string, namespace: string): string {
  return text === MESH ? text : fullName(parseReference(text, namespace));
}

function describeRule(rule: HttpRoute, at: number, namespace: string): RuleNode {
  const instead = (['redirect', 'directResponse', 'delegate'] as const).find((what) => rule[what] !== undefined);
  return {
    field: `http[${at}]`,
    name: rule.name ?? '',
    matches: (rule.match ?? []).map((match) => describeMatch(match, namespace)),
    targets: describeTargets(rule, namespace),
    instead: instead ?? '',
  };
}

function describeTargets({ route = [], mirror, mirrors = [] }: HttpRoute, namespace: string): TargetNode[] {
  const total = route.reduce((sum, { weight = 0 }) => sum + weight, 0);
  const targetOf = (destination: DestinationOf, weight: number, isMirror: boolean): TargetNode => ({
    host: toFqdn(destination?.host ?? '', namespace),
    subset: destination?.subset ?? '',
    port: destination?.port?.number ?? 0,
    weight,
    isMirror,
  });
  const copies = [...(mirror ? [mirror] : []), ...mirrors.map(({ destination }) => destination)];
  return [
    ...route.map(({ destination, weight = 0 }) =>
      targetOf(destination, route.length === 1 ? 100 : total === 0 ? 0 : Math.round((weight * 100) / total), false),
    ),
    ...copies.map((destination) => targetOf(destination, 0, true)),
  ];
}

type DestinationOf = NonNullable<HttpRoute['route']>[number]['destination'];

function describeMatch(match: HttpMatchRequest, namespace: string): MatchNode {
  const path = pathOf(match.uri);
  return {
    ...(path ? { path } : {}),
    ignoresCase: match.ignoreUriCase === true,
    ...(match.gateways?.length ? { gateways: match.gateways.map((each) => gatewayName(each, namespace)) } : {}),
    others: othersOf(match),
  };
}

function pathOf(uri: StringMatch | undefined): MatchNode['path'] {
  for (const how of ['exact', 'prefix', 'regex'] as const) {
    const value = uri?.[how];
    if (value !== undefined) return { how, value };
  }
  return undefined;
}

function othersOf(match: HttpMatchRequest): string[] {
  const named = (what: string, map: object | undefined): string[] =>
    Object.keys(map ?? {}).map((name) => `${what} ${name}`);
  const plain = (['method', 'scheme', 'authority'] as const).filter((field) => match[field] !== undefined);
  return [
    ...plain.map((field) => `${field} ${Object.values(match[field] ?? {})[0] ?? ''}`),
    ...named('header', match.headers),
    ...named('no header', match.withoutHeaders),
    ...named('query parameter', match.queryParams),
    ...named('label of the caller', match.sourceLabels),
    ...(match.sourceNamespace ? [`callers in namespace ${match.sourceNamespace}`] : []),
    ...(match.port ? [`port ${match.port}`] : []),
  ];
}

function describeService(
  world: World,
  host: string,
  { namespace, select }: { namespace: string; select: Select },
): ServiceNode {
  const provider = findServiceHost(world, host, { namespace })?.provider;
  const selector = provider?.kind === KIND.service ? specAs<ServiceView>(provider).selector : undefined;
  const podsOf = (labels: Labels): WorkloadNode[] =>
    selector && provider ? select({ ...selector, ...labels }, provider.namespace) : [];
  const rules = world
    .list(KIND.destinationRule)
    .filter((rule) => toFqdn(specAs<DestinationRule>(rule).host ?? '', rule.namespace) === host);
  return {
    host,
    from: provider ? friendlyName(provider) : '',
    workloads: podsOf({}),
    subsets: rules.flatMap((rule) =>
      (specAs<DestinationRule>(rule).subsets ?? []).map(({ name = '', labels = {} }) => ({
        name,
        labels: selectorText(labels),
        by: friendlyName(rule),
        workloads: podsOf(labels),
      })),
    ),
  };
}

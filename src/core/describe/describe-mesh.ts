import { KIND, type Kind } from '../analyze/kinds.ts';
import { fullName, type Resource } from '../analyze/resource.ts';
import type { World } from '../analyze/world.ts';
import { groupBy } from '../group-by.ts';
import { hasLabels, type Labels } from '../label-selector.ts';
import type { MeshState } from '../mesh/mesh-state.ts';
import { takesNamespace } from '../inject/injection-webhooks.ts';
import type { Destination } from '../mtls/destination.ts';
import type { ChosenRule } from '../mtls/destination-rules.ts';
import { TlsChecker } from '../mtls/tls-check.ts';
import type { Carrier, Workload } from '../mtls/workload.ts';
import { partRows, resourcesOf, type CommonParts, type FoundParts } from './description.ts';
import { gatewaysAt, gatewaysOf } from './gateways.ts';
import { injectionOf, type InjectionFacts } from './injection.ts';
import { tlsAtPorts, type PortTls } from './mutual-tls.ts';
import { policiesFor, policiesForPods, policiesIn, policiesOn } from './policies.ts';
import { problemsOf } from './problems.ts';
import { routesTo } from './routes.ts';

/** All kinds that descriptions are made of. */
export const DESCRIBED_KINDS: readonly Kind[] = Object.values(KIND).filter(
  (kind) => !([KIND.secret, KIND.node, KIND.customResourceDefinition] as readonly Kind[]).includes(kind),
);

/** A port of a service, with the pods behind it. */
export interface ServicePorts {
  /** `namespace/name`. */
  service: string;
  host: string;
  ports: PortTls[];
}

export interface PodDescription extends CommonParts {
  kind: 'Pod';
  name: string;
  namespace: string;
  carrier: Carrier;
  /** Null for what a file has in place of pods. */
  injection: InjectionFacts | null;
  services: ServicePorts[];
}

export interface ServiceDescription extends CommonParts, ServicePorts {
  kind: 'Service';
  name: string;
  namespace: string;
  /** Namespaces that see it; `*` is all. */
  visibleIn: readonly string[];
  pods: { name: string; carrier: Carrier }[];
  /** For clients of its own namespace without a rule for them alone. */
  rule: RuleRow | null;
}

/** What a DestinationRule makes of a service. */
export interface RuleRow {
  /** `namespace/name` of all that it was put together from. */
  from: string[];
  subsets: { name: string; labels: Labels; pods: number }[];
}

export interface NamespaceDescription extends CommonParts {
  kind: 'Namespace';
  name: string;
  /** Labels that decide about the mesh. */
  labels: Record<string, string>;
  /** Webhooks that may inject there, as MutatingWebhookConfiguration names. */
  webhooks: string[];
  pods: Record<Carrier, number>;
  mutualTls: { mode: string; policy: string | null };
  services: string[];
}

const MESH_LABELS = /^(istio-injection$|istio-discovery$|istio\.io\/|topology\.istio\.io\/)/;

/** Describes parts of a mesh; indexes are made once. */
export class MeshDescriber {
  readonly checker: TlsChecker;
  readonly #mesh: MeshState;
  readonly #world: World;

  constructor(mesh: MeshState, world: World) {
    this.#mesh = mesh;
    this.#world = world;
    this.checker = new TlsChecker(world);
  }

  describePod(pod: Workload): PodDescription {
    const { name, namespace, labels, carrier, resource } = pod;
    const services = this.#services((each) => each.namespace === namespace && selects(each, labels));
    const routes = this.#routesTo(services);
    const gateways = [
      ...gatewaysAt(this.#world, pod, this.checker.workloads),
      ...gatewaysOf(this.#world, routes, this.checker.workloads),
    ];
    const found = { policies: policiesFor(this.#world, pod), routes, gateways };
    const live = this.#mesh.pods.find(
      ({ metadata }) => metadata.name === name && metadata.namespace === namespace && resource.kind === KIND.pod,
    );
    return {
      kind: 'Pod',
      name,
      namespace,
      carrier,
      injection: live ? injectionOf(live, this.#mesh) : null,
      services: services.map((each) => ({ ...placeOf(each), ports: tlsAtPorts(each, [pod], this.checker.modes) })),
      ...this.#parts(found, [resource, ...services.map((each) => each.resource)]),
    };
  }

  describeService(service: Destination): ServiceDescription {
    const { namespace, resource, scopes } = service;
    const pods = this.checker.podsOf(service);
    const routes = this.#routesTo([service]);
    const gateways = gatewaysOf(this.#world, routes, this.checker.workloads);
    const policies = [...policiesOn(this.#world, resource), ...policiesForPods(this.#world, pods)];
    const found = { policies, routes, gateways };
    const rule = this.checker.ruleFor(service, { namespace, labels: {}, revision: undefined });
    const rules = this.#world.list(KIND.destinationRule).filter((each) => rule?.from.includes(each));
    return {
      kind: 'Service',
      name: resource.name,
      namespace,
      ...placeOf(service),
      visibleIn: scopes,
      ports: tlsAtPorts(service, pods, this.checker.modes),
      pods: pods.map(({ name, carrier }) => ({ name, carrier })),
      rule: rule ? ruleRow(rule, pods) : null,
      ...this.#parts(found, [resource, ...rules]),
    };
  }

  describeNamespace(name: string): NamespaceDescription {
    const namespace = this.#mesh.namespaces.get(name);
    const policies = policiesIn(this.#world, name);
    const services = this.#services((each) => each.namespace === name);
    const routes = this.#routesTo(services);
    const gateways = gatewaysOf(this.#world, routes, this.checker.workloads);
    const { mode, by } = this.checker.modes.ofNamespace(name, undefined);
    const pods = groupBy(this.checker.workloads, (each) => (each.namespace === name ? each.carrier : undefined));
    const count = (carrier: Carrier): number => pods.get(carrier)?.length ?? 0;
    const webhooks = namespace ? this.#mesh.webhooks.filter((webhook) => takesNamespace(webhook, namespace)) : [];
    return {
      kind: 'Namespace',
      name,
      labels: Object.fromEntries(
        Object.entries(namespace?.metadata.labels ?? {}).filter(([label]) => MESH_LABELS.test(label)),
      ),
      webhooks: [...new Set(webhooks.map(({ configuration }) => configuration))],
      pods: { sidecar: count('sidecar'), ambient: count('ambient'), gateway: count('gateway'), none: count('none') },
      mutualTls: { mode, policy: by ? fullName(by) : null },
      services: services.map(({ host }) => host),
      ...this.#parts({ policies, routes, gateways }, this.#allOf(name)),
    };
  }

  /** Every resource of a namespace, and itself. */
  #allOf(name: string): Resource[] {
    return this.#mesh.resources.filter(
      (resource) => resource.namespace === name || (resource.kind === KIND.namespace && resource.name === name),
    );
  }

  #services(isWanted: (destination: Destination) => boolean): Destination[] {
    return this.checker.destinations.filter(isWanted);
  }

  #routesTo(services: readonly Destination[]) {
    return routesTo(this.#world, new Set(services.map(({ host }) => host)));
  }

  #parts(found: Omit<FoundParts, 'problems'>, about: readonly Resource[]): CommonParts {
    return partRows({ ...found, problems: problemsOf(this.#mesh, this.#world, [...about, ...resourcesOf(found)]) });
  }
}

function selects({ selector }: Destination, labels: Labels): boolean {
  return selector !== undefined && hasLabels(labels, selector);
}

function placeOf({ host, resource }: Destination): Pick<ServicePorts, 'service' | 'host'> {
  return { service: fullName(resource), host };
}

function ruleRow({ from, subsets }: ChosenRule, pods: readonly Workload[]): RuleRow {
  return {
    from: from.map(fullName),
    subsets: subsets.map(({ value: { name = '', labels = {} } }) => ({
      name,
      labels,
      pods: pods.filter((pod) => hasLabels(pod.labels, labels)).length,
    })),
  };
}

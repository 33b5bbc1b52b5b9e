import { BLOCKING_REASONS, type ReadinessReason } from '../../api/mtls/reasons.ts';
import type { PeerAuthentication } from '../../api/security/peer-authentication.ts';
import { speaksPlaintext } from '../analyze/analyzers/strict-mutual-tls.ts';
import { KIND } from '../analyze/kinds.ts';
import type { ServiceView } from '../analyze/kubernetes-views.ts';
import { friendlyName, fullName, specAs, type Resource } from '../analyze/resource.ts';
import type { World } from '../analyze/world.ts';
import { EXCLUDE_INBOUND_PORTS } from '../inject/templates/traffic-settings.ts';
import { hasLabels } from '../label-selector.ts';
import { workloadOf, type Workload } from '../mtls/workload.ts';
import { describeMutualTls } from '../report/mutual-tls.ts';
import type { MigrationScope } from './read-migration.ts';

/** What STRICT would break, or what remains beside it. */
export interface ReadinessFinding {
  reason: ReadinessReason;
  blocks: boolean;
  names: readonly string[];
}

/** What is looked at. */
export interface ReadinessQuestion {
  world: World;
  /** Of the migration. */
  namespace: string;
  scope: MigrationScope;
  accepted: ReadonlySet<ReadinessReason>;
  /** Callers by metrics; undefined where nobody can be asked. */
  callers: readonly string[] | undefined;
}

const PROBE_ANNOTATION = 'sidecar.istio.io/rewriteAppHTTPProbers';
const SCRAPE_ANNOTATION = 'prometheus.io/scrape';
const SCRAPE_PORT_ANNOTATION = 'prometheus.io/port';
/** Of the agent beside a proxy, which takes plain text in every mode. */
const AGENT_PORT = 15020;
const OPEN_TYPES = ['NodePort', 'LoadBalancer'];

/** The report before STRICT: who would be cut off, and what stays as it is. Nothing of nothing is left out. */
export function reportReadiness(question: ReadinessQuestion): ReadinessFinding[] {
  const { world, accepted, callers } = question;
  const servers = serversOf(question);
  const services = servicesOf(question);
  const found: Record<ReadinessReason, string[]> = {
    PodsWithoutProxy: plaintextPods(question),
    PlaintextCallers: [...(callers ?? [])],
    PlaintextRules: plaintextRules(question),
    ProbesNotRewritten: names(servers, ({ resource }) => resource.annotations[PROBE_ANNOTATION] === 'false'),
    ScrapedPorts: names(servers, isScrapedItself),
    ExternalServices: serviceNames(services, servers, ({ type = '' }) => OPEN_TYPES.includes(type)),
    CallersUnknown: callers === undefined ? ['metrics'] : [],
    HeadlessServices: serviceNames(services, servers, ({ clusterIP }) => clusterIP === 'None'),
    ExcludedPorts: names(servers, ({ resource }) => Boolean(resource.annotations[EXCLUDE_INBOUND_PORTS])),
    OtherModes: otherModes(world, question),
  };
  const blocking: readonly string[] = BLOCKING_REASONS;
  return (Object.keys(found) as ReadinessReason[])
    .filter((reason) => found[reason].length > 0)
    .map((reason) => ({
      reason,
      blocks: blocking.includes(reason) && !accepted.has(reason),
      names: [...found[reason]].sort(),
    }));
}

/** Pods with a sidecar that STRICT would be for. */
function serversOf({ world, namespace, scope }: ReadinessQuestion): Workload[] {
  const pods = scope.kind === 'mesh' ? world.list(KIND.pod) : world.listIn(KIND.pod, namespace);
  const labels = scope.kind === 'workload' ? scope.labels : {};
  return pods
    .filter((pod) => hasLabels(pod.labels, labels))
    .map((pod) => workloadOf(world, pod))
    .filter(({ carrier }) => carrier === 'sidecar');
}

/** Whoever is in a namespace with servers is taken for one who calls them. */
function plaintextPods({ world, namespace, scope }: ReadinessQuestion): string[] {
  if (scope.kind !== 'mesh') return world.listIn(KIND.pod, namespace).filter(speaksPlaintext).map(fullName);
  const meshed = new Set(describeMutualTls(world).namespaces.map((each) => each.namespace));
  return world
    .list(KIND.pod)
    .filter((pod) => meshed.has(pod.namespace) && speaksPlaintext(pod))
    .map(fullName);
}

function plaintextRules({ world, namespace, scope }: ReadinessQuestion): string[] {
  const all = describeMutualTls(world).namespaces.filter(
    (each) => scope.kind === 'mesh' || each.namespace === namespace,
  );
  const rules = all.flatMap(({ blockers }) => blockers.filter(({ reason }) => reason === 'PlaintextRules'));
  return [...new Set(rules.flatMap((rule) => rule.names))];
}

/** Istio lets the agent answer for the application, unless it is told not to. */
function isScrapedItself({ resource: { annotations }, goesPast }: Workload): boolean {
  const port = Number(annotations[SCRAPE_PORT_ANNOTATION]);
  return annotations[SCRAPE_ANNOTATION] === 'true' && port > 0 && port !== AGENT_PORT && !goesPast('in', port);
}

function servicesOf({ world, namespace, scope }: ReadinessQuestion): readonly Resource[] {
  return scope.kind === 'mesh' ? world.list(KIND.service) : world.listIn(KIND.service, namespace);
}

function serviceNames(
  services: readonly Resource[],
  servers: readonly Workload[],
  isMeant: (service: ServiceView) => boolean,
): string[] {
  return services.flatMap((service) => {
    const view = specAs<ServiceView>(service);
    const { selector = {} } = view;
    if (Object.keys(selector).length === 0 || !isMeant(view)) return [];
    const serves = servers.some((pod) => pod.namespace === service.namespace && hasLabels(pod.labels, selector));
    return serves ? [fullName(service)] : [];
  });
}

/** Policies that are narrower than the scope, and the ports of the policies of the scope. */
function otherModes(world: World, { namespace, scope }: ReadinessQuestion): string[] {
  const policies =
    scope.kind === 'mesh' ? world.list(KIND.peerAuthentication) : world.listIn(KIND.peerAuthentication, namespace);
  return policies.flatMap((policy) => {
    const { selector, mtls, portLevelMtls = {} } = specAs<PeerAuthentication>(policy);
    const isNarrow = Object.keys(selector?.matchLabels ?? {}).length > 0 || policy.namespace !== namespace;
    const modes = [...(isNarrow && scope.kind !== 'workload' ? [mtls] : []), ...Object.values(portLevelMtls)];
    return modes.some((each) => each?.mode === 'PERMISSIVE' || each?.mode === 'DISABLE') ? [friendlyName(policy)] : [];
  });
}

function names(servers: readonly Workload[], isMeant: (server: Workload) => boolean): string[] {
  return servers.filter(isMeant).map(({ resource }) => fullName(resource));
}

import { REVISION_LABEL, SYSTEM_NAMESPACES } from '../../api/istio-names.ts';
import type { DestinationRule } from '../../api/networking/destination-rule.ts';
import type { TrafficPolicy } from '../../api/networking/traffic-policy.ts';
import type { PeerAuthentication } from '../../api/security/peer-authentication.ts';
import { speaksPlaintext } from '../analyze/analyzers/strict-mutual-tls.ts';
import { toFqdn } from '../analyze/hosts.ts';
import { KIND } from '../analyze/kinds.ts';
import { proxyImageOf, type PodSpecView } from '../analyze/kubernetes-views.ts';
import { podInAmbient } from '../analyze/mesh-membership.ts';
import { rootNamespaceOf } from '../analyze/mesh-settings.ts';
import { friendlyName, fullName, specAs, type Resource } from '../analyze/resource.ts';
import type { World } from '../analyze/world.ts';
import { groupBy } from '../group-by.ts';
import { selectorText } from '../label-selector.ts';
import { ServerModes, type ServerMode } from '../mtls/server-mode.ts';
import type { StrictBlocker } from './reasons.ts';

/** How far mutual TLS goes. */
export interface MutualTls {
  /** What holds where a namespace says nothing. */
  mesh: Decided;
  /** Those with proxies or policies. */
  namespaces: NamespaceMutualTls[];
  /** Pods without a proxy in namespaces where no pod has one: STRICT refuses their calls. */
  outside: { namespaces: string[]; pods: number };
}

interface Decided {
  mode: ServerMode;
  /** `PeerAuthentication namespace/name`; empty where none says so. */
  policy: string;
}

export interface NamespaceMutualTls extends Decided {
  namespace: string;
  pods: { withProxy: number; ambient: number; without: number };
  /** Policies for single workloads and ports. */
  exceptions: { policy: string; selector: string; mode: string; ports: Record<string, string> }[];
  /** What STRICT would break, or breaks where it holds. */
  blockers: { reason: StrictBlocker; names: string[]; count: number }[];
}

const MAX_NAMES = 20;
const PROBE_ANNOTATION = 'sidecar.istio.io/rewriteAppHTTPProbers';

/** Mutual TLS by namespace: what holds, and what speaks against STRICT. */
export function describeMutualTls(world: World): MutualTls {
  const root = rootNamespaceOf(world);
  const modes = new ServerModes(world);
  const pods = groupBy(world.list(KIND.pod), ({ namespace }) => namespace);
  const policed = world.list(KIND.peerAuthentication).map(({ namespace }) => namespace);
  const names = [...new Set([...pods.keys(), ...policed])].filter((name) => !SYSTEM_NAMESPACES.includes(name)).sort();
  const isConcerned = (name: string): boolean =>
    policed.includes(name) || (pods.get(name) ?? []).some((pod) => isMeshed(pod));
  const others = names.filter((name) => !isConcerned(name));
  const plain = others.map((name) => (pods.get(name) ?? []).filter(speaksPlaintext).length);
  const rules = plaintextRules(world);
  return {
    mesh: decide(modes, world, root),
    namespaces: names.filter(isConcerned).map((namespace) => ({
      namespace,
      ...decide(modes, world, namespace),
      pods: countPods(pods.get(namespace) ?? []),
      exceptions: exceptionsOf(world, namespace),
      blockers: blockersOf(namespace, pods.get(namespace) ?? [], rules),
    })),
    outside: {
      namespaces: others.filter((_, i) => (plain[i] ?? 0) > 0),
      pods: plain.reduce((sum, count) => sum + count, 0),
    },
  };
}

/** What holds in a namespace as tls-check has it, and who says so. */
function decide(modes: ServerModes, world: World, namespace: string): Decided {
  const revision = world.find(KIND.namespace, { namespace: '', name: namespace })?.labels[REVISION_LABEL];
  const { mode, by } = modes.ofNamespace(namespace, revision);
  return { mode, policy: by ? friendlyName(by) : '' };
}

function exceptionsOf(world: World, namespace: string): NamespaceMutualTls['exceptions'] {
  return world.listIn(KIND.peerAuthentication, namespace).flatMap((resource) => {
    const { selector, mtls, portLevelMtls = {} } = specAs<PeerAuthentication>(resource);
    const labels = selector?.matchLabels ?? {};
    // One that selects nothing in particular is for the whole namespace.
    if (Object.keys(labels).length === 0) return [];
    const ports = Object.entries(portLevelMtls).map(([port, { mode = 'UNSET' }]) => [port, String(mode)]);
    return [
      {
        policy: friendlyName(resource),
        selector: selectorText(labels),
        mode: String(mtls?.mode ?? 'UNSET'),
        ports: Object.fromEntries(ports) as Record<string, string>,
      },
    ];
  });
}

function isMeshed(pod: Resource): boolean {
  return proxyImageOf(specAs<PodSpecView>(pod)) !== undefined || podInAmbient(pod);
}

function countPods(pods: readonly Resource[]): NamespaceMutualTls['pods'] {
  const ambient = pods.filter(podInAmbient).length;
  return {
    withProxy: pods.filter((pod) => isMeshed(pod) && !podInAmbient(pod)).length,
    ambient,
    without: pods.filter(speaksPlaintext).length,
  };
}

function blockersOf(
  namespace: string,
  pods: readonly Resource[],
  rules: readonly PlaintextRule[],
): NamespaceMutualTls['blockers'] {
  const isUnwritten = (pod: Resource): boolean => isMeshed(pod) && pod.annotations[PROBE_ANNOTATION] === 'false';
  const found: Record<StrictBlocker, string[]> = {
    PodsWithoutProxy: pods.filter(speaksPlaintext).map(fullName),
    PlaintextRules: rules.filter(({ host }) => isIn(host, namespace)).map(({ rule }) => friendlyName(rule)),
    ProbesNotRewritten: pods.filter(isUnwritten).map(fullName),
  };
  return Object.entries(found).flatMap(([reason, names]) =>
    names.length === 0
      ? []
      : [{ reason: reason as StrictBlocker, names: names.sort().slice(0, MAX_NAMES), count: names.length }],
  );
}

interface PlaintextRule {
  rule: Resource;
  host: string;
}

/** DestinationRules that set TLS of clients to anything but the mesh's own. */
function plaintextRules(world: World): PlaintextRule[] {
  return world.list(KIND.destinationRule).flatMap((rule) => {
    const { host = '', trafficPolicy, subsets = [] } = specAs<DestinationRule>(rule);
    const policies = [trafficPolicy, ...subsets.map((subset) => subset.trafficPolicy)];
    return policies.some(isOther) ? [{ rule, host: toFqdn(host, rule.namespace) }] : [];
  });
}

function isOther(policy: TrafficPolicy | undefined): boolean {
  const settings = [policy?.tls, ...(policy?.portLevelSettings ?? []).map(({ tls }) => tls)];
  return settings.some((tls) => tls !== undefined && tls.mode !== 'ISTIO_MUTUAL');
}

/** Whether services of a namespace are among those that a host names. */
function isIn(host: string, namespace: string): boolean {
  const suffix = `.${namespace}.svc.cluster.local`;
  if (!host.startsWith('*')) return host.endsWith(suffix);
  const rest = host.slice(1);
  return rest.endsWith(suffix) || suffix.endsWith(rest);
}

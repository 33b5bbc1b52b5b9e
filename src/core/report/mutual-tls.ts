import { SYSTEM_NAMESPACES } from '../../api/istio-names.ts';
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
import { selectorText } from '../label-selector.ts';
import type { StrictBlocker } from './reasons.ts';

type Mode = 'STRICT' | 'PERMISSIVE' | 'DISABLE';

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
  mode: Mode;
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

const DEFAULT: Decided = { mode: 'PERMISSIVE', policy: '' };
const MAX_NAMES = 20;
const PROBE_ANNOTATION = 'sidecar.istio.io/rewriteAppHTTPProbers';

/** Mutual TLS by namespace: what holds, and what speaks against STRICT. */
export function describeMutualTls(world: World): MutualTls {
  const root = rootNamespaceOf(world);
  const mesh = decide(world, root) ?? DEFAULT;
  const pods = new Map<string, Resource[]>();
  for (const pod of world.list(KIND.pod)) {
    const all = pods.get(pod.namespace);
    if (all) all.push(pod);
    else pods.set(pod.namespace, [pod]);
  }
  const policed = world.list(KIND.peerAuthentication).map(({ namespace }) => namespace);
  const names = [...new Set([...pods.keys(), ...policed])].filter((name) => !SYSTEM_NAMESPACES.includes(name)).sort();
  const isConcerned = (name: string): boolean =>
    policed.includes(name) || (pods.get(name) ?? []).some((pod) => isMeshed(pod));
  const others = names.filter((name) => !isConcerned(name));
  const plain = others.map((name) => (pods.get(name) ?? []).filter(speaksPlaintext).length);
  const rules = plaintextRules(world);
  return {
    mesh,
    namespaces: names.filter(isConcerned).map((namespace) => ({
      namespace,
      ...(decide(world, namespace) ?? mesh),
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

/** What the policy of a whole namespace says; undefined where it leaves the word to the mesh. */
function decide(world: World, namespace: string): Decided | undefined {
  for (const resource of world.listIn(KIND.peerAuthentication, namespace)) {
    const { mtls, selector } = specAs<PeerAuthentication>(resource);
    const mode = mtls?.mode;
    if (!selector && mode !== undefined && mode !== 'UNSET')
      return { mode: mode as Mode, policy: friendlyName(resource) };
  }
  return undefined;
}

function exceptionsOf(world: World, namespace: string): NamespaceMutualTls['exceptions'] {
  return world.listIn(KIND.peerAuthentication, namespace).flatMap((resource) => {
    const { selector, mtls, portLevelMtls = {} } = specAs<PeerAuthentication>(resource);
    if (!selector) return [];
    const ports = Object.entries(portLevelMtls).map(([port, { mode = 'UNSET' }]) => [port, String(mode)]);
    return [
      {
        policy: friendlyName(resource),
        selector: selectorText(selector.matchLabels ?? {}),
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

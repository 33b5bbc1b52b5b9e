import type { PolicyTargetReference } from '../../api/type/policy-target-reference.ts';
import type { AuthorizationPolicy } from '../../api/security/authorization-policy.ts';
import type { PeerAuthentication } from '../../api/security/peer-authentication.ts';
import type { RequestAuthentication } from '../../api/security/request-authentication.ts';
import { GATEWAY_NAME_LABEL } from '../../api/istio-names.ts';
import { KIND, type Kind } from '../analyze/kinds.ts';
import { rootNamespaceOf } from '../analyze/mesh-settings.ts';
import { specAs, type Resource } from '../analyze/resource.ts';
import type { World } from '../analyze/world.ts';
import { groupBy } from '../group-by.ts';
import { hasLabels, type Labels } from '../label-selector.ts';
import { isReadBy, type Workload } from '../mtls/workload.ts';

/** How a policy comes to what it is for. */
export type Reach = 'workload' | 'target' | 'namespace' | 'mesh';

/** A resource that holds for a pod, a service or a namespace. */
export interface AppliedPolicy {
  resource: Resource;
  reach: Reach;
  /** What it asks for, in short; empty where its kind says enough. */
  says: string;
  /** Where several pods are asked for: for how many it holds. */
  pods?: number;
  of?: number;
}

interface PolicySpec {
  selector?: { matchLabels?: Labels };
  workloadSelector?: { labels?: Labels };
  targetRef?: PolicyTargetReference;
  targetRefs?: readonly PolicyTargetReference[];
}

/** Kinds that hold for workloads; whether a selector of the root namespace reaches into others. */
const KINDS: readonly (readonly [kind: Kind, reachesOut: boolean])[] = [
  [KIND.authorizationPolicy, true],
  [KIND.requestAuthentication, true],
  [KIND.peerAuthentication, false],
  [KIND.sidecar, false],
  [KIND.telemetry, false],
  [KIND.envoyFilter, true],
  [KIND.wasmPlugin, true],
  [KIND.trafficExtension, true],
  [KIND.proxyConfig, false],
];

/** The kinds that {@link policiesFor} looks at. */
export const POLICY_KINDS: readonly Kind[] = KINDS.map(([kind]) => kind);

/** What holds for a workload: by its labels, by its gateway, for its namespace, for the mesh. */
export function policiesFor(world: World, workload: Workload): AppliedPolicy[] {
  const root = rootNamespaceOf(world);
  return KINDS.flatMap(([kind, reachesOut]) =>
    listIn(world, kind, [workload.namespace, root]).flatMap((resource) => {
      if (!isReadBy(resource, workload.revision)) return [];
      const isOut = resource.namespace === root && workload.namespace !== root;
      const reach = reachOf(resource, workload, isOut);
      if (reach === undefined || (isOut && reach === 'workload' && !reachesOut)) return [];
      return [applied(resource, reach === 'namespace' && resource.namespace === root ? 'mesh' : reach)];
    }),
  );
}

/** What holds for any pod of a service, and for how many; for those without a proxy nothing does. */
export function policiesForPods(world: World, pods: readonly Workload[]): AppliedPolicy[] {
  const found = pods.filter(({ carrier }) => carrier !== 'none').flatMap((pod) => policiesFor(world, pod));
  const counted = [...groupBy(found, ({ resource }) => resource).values()].flatMap((alike) =>
    alike.slice(0, 1).map((policy) => ({ ...policy, pods: alike.length, of: pods.length })),
  );
  const rank = ({ resource }: AppliedPolicy): number => POLICY_KINDS.indexOf(resource.kind);
  return counted.sort((a, b) => rank(a) - rank(b));
}

/** What holds for all of a namespace, and for single workloads in it. */
export function policiesIn(world: World, namespace: string): AppliedPolicy[] {
  const root = rootNamespaceOf(world);
  return POLICY_KINDS.flatMap((kind) =>
    listIn(world, kind, [namespace, root]).flatMap((resource) => {
      const reach = hasTargets(resource) ? 'target' : selectorOf(resource) ? 'workload' : 'namespace';
      if (resource.namespace !== root) return [applied(resource, reach)];
      if (reach === 'namespace') return [applied(resource, 'mesh')];
      return namespace === root ? [applied(resource, reach)] : [];
    }),
  );
}

/** What is attached to a service, for its waypoint to enforce. */
export function policiesOn(world: World, service: Resource): AppliedPolicy[] {
  const kindName = service.kind.slice(service.kind.indexOf('/') + 1);
  return POLICY_KINDS.flatMap((kind) =>
    world
      .listIn(kind, service.namespace)
      .filter((resource) => targetsOf(resource).some(({ kind: of, name }) => of === kindName && name === service.name))
      .map((resource) => applied(resource, 'target')),
  );
}

function listIn(world: World, kind: Kind, namespaces: readonly string[]): Resource[] {
  return [...new Set(namespaces)].flatMap((namespace) => world.listIn(kind, namespace));
}

function reachOf(resource: Resource, { labels }: Workload, isOut: boolean): Reach | undefined {
  if (hasTargets(resource)) {
    const gateway = labels[GATEWAY_NAME_LABEL];
    const isTarget = targetsOf(resource).some(({ kind, name }) => kind === 'Gateway' && name === gateway);
    return isTarget && !isOut ? 'target' : undefined;
  }
  const selector = selectorOf(resource);
  if (!selector) return 'namespace';
  return hasLabels(labels, selector) ? 'workload' : undefined;
}

/** Undefined where it is for all. */
function selectorOf(resource: Resource): Labels | undefined {
  const { selector, workloadSelector } = specAs<PolicySpec>(resource);
  const labels = selector?.matchLabels ?? workloadSelector?.labels ?? {};
  return Object.keys(labels).length > 0 ? labels : undefined;
}

function targetsOf(resource: Resource): readonly PolicyTargetReference[] {
  const { targetRef, targetRefs = [] } = specAs<PolicySpec>(resource);
  return targetRef ? [targetRef, ...targetRefs] : targetRefs;
}

function hasTargets(resource: Resource): boolean {
  return targetsOf(resource).length > 0;
}

function applied(resource: Resource, reach: Reach): AppliedPolicy {
  return { resource, reach, says: summaryOf(resource) };
}

const SUMMARIES: Partial<Record<Kind, (resource: Resource) => string>> = {
  [KIND.authorizationPolicy]: authorizationText,
  [KIND.peerAuthentication]: (resource) => {
    const { mtls, portLevelMtls = {} } = specAs<PeerAuthentication>(resource);
    const ports = Object.entries(portLevelMtls).map(([port, { mode = 'UNSET' }]) => `${port} ${String(mode)}`);
    return [String(mtls?.mode ?? 'UNSET'), ...ports].join(', ');
  },
  [KIND.requestAuthentication]: (resource) => {
    const { jwtRules = [] } = specAs<RequestAuthentication>(resource);
    return `tokens of ${jwtRules.map(({ issuer = '' }) => issuer).join(', ') || 'nobody'}`;
  },
};

function summaryOf(resource: Resource): string {
  return SUMMARIES[resource.kind]?.(resource) ?? '';
}

function authorizationText(resource: Resource): string {
  const { action = 'ALLOW', rules = [] } = specAs<AuthorizationPolicy>(resource);
  if (rules.length === 0) return action === 'ALLOW' ? 'ALLOW nothing' : `${String(action)}, no rules`;
  return `${String(action)}, ${rules.length} ${rules.length === 1 ? 'rule' : 'rules'}`;
}

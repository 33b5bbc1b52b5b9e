import { ISTIO_OPERATOR } from '../../api/install/istio-operator-kind.ts';
import type { IstioOperatorStatus } from '../../api/install/istio-operator-status.ts';
import { RELEASE_ANNOTATIONS } from '../../api/our-names.ts';
import { objectKey, refOf, type KubeObject } from '../../core/kube-object.ts';
import { entryKey } from '../../core/plan/inventory.ts';
import type { OtherOwner } from '../../core/plan/plan-input.ts';
import { ownerKey } from '../../core/plan/owner-labels.ts';
import { isKindNotServed } from '../../kube/errors.ts';
import type { Claims, Dependencies, Scope } from './dependencies.ts';

/** What it takes to know the other IstioOperators. */
export interface OtherOwnersScope extends Pick<Scope, 'memory' | 'resource' | 'uid' | 'kubeVersion'> {
  deps: Pick<Dependencies, 'api' | 'render' | 'policy'>;
}

/** The other IstioOperators, with what they render. */
export async function fetchOtherOwners(scope: OtherOwnersScope): Promise<OtherOwner[]> {
  const owners: OtherOwner[] = [];
  for (const other of (await fetchResources(scope)).filter(({ metadata }) => metadata['uid'] !== scope.uid)) {
    const owner = { name: other.metadata.name, namespace: other.metadata.namespace ?? '' };
    const claims = await fetchClaims(other, scope);
    if (claims) owners.push({ owner, older: isOlder(other, scope), ...claims });
  }
  return owners;
}

async function fetchResources({ deps, uid }: OtherOwnersScope): Promise<KubeObject[]> {
  const { apiVersion, kind } = ISTIO_OPERATOR;
  try {
    return (await deps.api.list({ apiVersion, kind }, { reduce: withoutSpec })).items;
  } catch (error) {
    // One that is not stored yet may be the first of its kind.
    if (uid === '' && isKindNotServed(error)) return [];
    throw error;
  }
}

/** Anybody may store many that are large: they are read one by one, and only those that count. */
function withoutSpec({ apiVersion, kind, metadata, ...rest }: KubeObject): KubeObject {
  const { name, namespace, uid, generation, creationTimestamp, deletionTimestamp, annotations = {} } = metadata;
  const asked = RELEASE_ANNOTATIONS.flatMap((key) => (annotations[key] === undefined ? [] : [[key, annotations[key]]]));
  const version = asked.length === 0 ? {} : { annotations: Object.fromEntries(asked) as Record<string, string> };
  const { inventory } = (rest['status'] ?? {}) as IstioOperatorStatus;
  const kept = {
    name,
    ...(namespace ? { namespace } : {}),
    uid,
    generation,
    creationTimestamp,
    deletionTimestamp,
    ...version,
  };
  return { apiVersion, kind, metadata: kept, status: { inventory } };
}

/** Age decides; of two made in the same second, the name. */
function isOlder(other: KubeObject, scope: OtherOwnersScope): boolean {
  const age = (object: KubeObject): string => {
    const made = object.metadata['creationTimestamp'];
    const owner = { name: object.metadata.name, namespace: object.metadata.namespace ?? '' };
    return `${typeof made === 'string' ? made : ''} ${ownerKey(owner)}`;
  };
  return age(other) < age(scope.resource);
}

type ClaimsOfOther = Pick<OtherOwner, 'claims' | 'isUnclear'>;

/**
 * What is not applied claims nothing but what it has: a resource that anybody may store must not block another. One that
 * is not looked at and has nothing does not count at all.
 */
async function fetchClaims(other: KubeObject, scope: OtherOwnersScope): Promise<ClaimsOfOther | undefined> {
  const { policy } = scope.deps;
  if (await policy.judgeNamespace(other.metadata.namespace ?? '')) {
    const had = keysOf(other);
    return had.size > 0 ? { claims: had, isUnclear: true } : undefined;
  }
  if (other.metadata['deletionTimestamp']) return { claims: new Set(), isUnclear: false };
  const claims = await computeClaims(other, scope);
  const isApplied = claims && !(await policy.judge(claims.demands));
  // While it cannot be rendered, what it has stays its own.
  return isApplied ? { claims: claims.keys, isUnclear: false } : { claims: keysOf(other), isUnclear: true };
}

function keysOf({ status }: KubeObject): ReadonlySet<string> {
  const { inventory = [] } = (status ?? {}) as IstioOperatorStatus;
  return new Set(inventory.map(entryKey));
}

async function computeClaims(reduced: KubeObject, scope: OtherOwnersScope): Promise<Claims | undefined> {
  const uid = String(reduced.metadata['uid']);
  const known = scope.memory.claims.get(uid);
  if (known?.spec === specOf(reduced)) return known;
  const other = await scope.deps.api.get(refOf(reduced));
  if (other?.metadata['uid'] !== uid) return undefined;
  const rendered = await scope.deps.render(other, scope.kubeVersion);
  if (!rendered.ok) return undefined;
  const objects = rendered.value.components.flatMap((component) => component.objects);
  const keys = new Set(objects.map((object) => objectKey(refOf(object))));
  const demands = scope.deps.policy.demandsOf(other.metadata.namespace ?? '', rendered.value);
  const claims = { spec: specOf(other), keys, demands };
  scope.memory.claims.set(uid, claims);
  return claims;
}

/** What decides about a rendering. */
function specOf({ metadata }: KubeObject): string {
  const asked = RELEASE_ANNOTATIONS.map((name) => metadata.annotations?.[name] ?? '');
  return [Number(metadata['generation']), ...asked].join(' ');
}

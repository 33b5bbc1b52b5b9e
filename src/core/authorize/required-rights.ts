import { displayName, isJsonObject, objectKey, refOf, type JsonObject, type KubeObject } from '../kube-object.ts';
import { isEqual } from '../json-equality.ts';
import { NEVER_PRUNED } from '../plan/plan-prune.ts';
import { isPlainChange } from './plain-changes.ts';
import { computeGrants, computeMissingGrants, rulesOf } from '../powers/policy-rules.ts';
import { placeOf, type KindPlace } from './rendered-kinds.ts';
import { EVERY_RIGHT, type Requirement, type Right } from './right.ts';

/** What an IstioOperator renders, and what it rendered before the change. */
export interface RenderedChange {
  wanted: readonly KubeObject[];
  had: readonly KubeObject[];
}

const RBAC = 'rbac.authorization.k8s.io';

/**
 * What a person would need to make the change by hand: `create` and `patch` for an object that is new, `patch` for one
 * that changes in more than scale and place, `delete` for one that goes; for roles and bindings also what the API
 * server itself demands of their author. Whoever may create a workload may run it under any ServiceAccount of its
 * namespace, so that accounts need no right of their own.
 */
export function computeRequirements({ wanted, had }: RenderedChange): Requirement[] {
  const after = byKey(wanted);
  const before = byKey(had);
  const written = [...after].flatMap(([key, object]) => requirementsOf(object, before.get(key), after));
  const removed = [...before].filter(([key, { kind }]) => !after.has(key) && !NEVER_PRUNED.has(kind));
  return [...written, ...removed.map(([, object]) => requireVerbs(['delete'], object))];
}

/** As in the plan: of an object that is rendered twice the last counts. */
function byKey(objects: readonly KubeObject[]): Map<string, KubeObject> {
  return new Map(objects.map((object) => [objectKey(refOf(object)), object]));
}

function requirementsOf(
  object: KubeObject,
  before: KubeObject | undefined,
  wanted: ReadonlyMap<string, KubeObject>,
): Requirement[] {
  const requirements: Requirement[] = [];
  // Server-side apply is a patch, also where it creates.
  if (!before) requirements.push(requireVerbs(['create', 'patch'], object));
  else if (!isPlainChange(before, object)) requirements.push(requireVerbs(['patch'], object));
  const grants = grantRequirement(object, before, wanted);
  return grants ? [...requirements, grants] : requirements;
}

function requireVerbs(verbs: readonly ('create' | 'patch' | 'delete')[], object: KubeObject): Requirement {
  const place = placeOf(object.apiVersion, object.kind);
  const about = displayName(refOf(object));
  // A kind that no chart renders came in by an overlay.
  if (!place) return { about, anyOf: [[EVERY_RIGHT]] };
  // The API server does not know the name yet when something is created.
  const nameFor = (verb: string): string => (verb === 'create' ? '' : object.metadata.name);
  return { about, anyOf: [verbs.map((verb) => rightOn(verb, place, object, nameFor(verb)))] };
}

function rightOn(verb: string, { group, resource, namespaced }: KindPlace, of: KubeObject, name: string): Right {
  return { verb, group, resource, name, url: '', namespace: namespaced ? (of.metadata.namespace ?? '') : '' };
}

function grantRequirement(
  object: KubeObject,
  before: KubeObject | undefined,
  wanted: ReadonlyMap<string, KubeObject>,
): Requirement | undefined {
  if (object.kind === 'Role' || object.kind === 'ClusterRole') return roleRequirement(object, before);
  if (object.kind === 'RoleBinding' || object.kind === 'ClusterRoleBinding') {
    return bindingRequirement(object, before, wanted);
  }
  return undefined;
}

/** Kubernetes: the author of a role holds all that it grants, or may `escalate` it. Aggregation grants anything. */
function roleRequirement(object: KubeObject, before: KubeObject | undefined): Requirement | undefined {
  const place = placeOf(object.apiVersion, object.kind);
  if (!place) return undefined;
  const escalate = rightOn('escalate', place, object, object.metadata.name);
  const isAggregated = object['aggregationRule'] !== undefined;
  const rights = isAggregated && !isSameField('aggregationRule', object, before) ? [EVERY_RIGHT] : [];
  const gained = computeMissingGrants(before ? rulesOf(before) : [], rulesOf(object));
  rights.push(...gained.map((grant): Right => ({ ...grant, namespace: escalate.namespace })));
  return rights.length > 0 ? { about: displayName(refOf(object)), anyOf: [[escalate], rights] } : undefined;
}

/** Kubernetes: the author of a binding holds all that the role grants, or may `bind` it. */
function bindingRequirement(
  object: KubeObject,
  before: KubeObject | undefined,
  wanted: ReadonlyMap<string, KubeObject>,
): Requirement | undefined {
  if (before && !givesMore(object, before)) return undefined;
  const namespace = object.kind === 'RoleBinding' ? (object.metadata.namespace ?? '') : '';
  const about = displayName(refOf(object));
  const role = boundRole(object);
  if (!role) return { about, anyOf: [[EVERY_RIGHT]] };
  const { kind, name, place } = role;
  const bind: Right = { verb: 'bind', group: RBAC, resource: place.resource, name, url: '', namespace };
  const ref = { apiVersion: `${RBAC}/v1`, kind, name, ...(place.namespaced ? { namespace } : {}) };
  const bound = wanted.get(objectKey(ref));
  // What a role of somebody else grants is not known here.
  if (!bound || bound['aggregationRule'] !== undefined) return { about, anyOf: [[bind]] };
  const rights = computeGrants(rulesOf(bound)).map((grant): Right => ({ ...grant, namespace }));
  return { about, anyOf: [[bind], rights] };
}

/** The role that a binding names; undefined for one that cannot exist. */
function boundRole(object: KubeObject): { kind: string; name: string; place: KindPlace } | undefined {
  const { kind, name } = isJsonObject(object['roleRef']) ? object['roleRef'] : {};
  if (typeof kind !== 'string' || typeof name !== 'string') return undefined;
  const place = placeOf(`${RBAC}/v1`, kind);
  return place && { kind, name, place };
}

function givesMore(object: KubeObject, before: KubeObject): boolean {
  const known = listOf(before, 'subjects');
  const isNew = (subject: JsonObject): boolean => !known.some((other) => isEqual(subject, other));
  return !isSameField('roleRef', object, before) || listOf(object, 'subjects').some(isNew);
}

function isSameField(field: string, object: KubeObject, before: KubeObject | undefined): boolean {
  return before !== undefined && isEqual(object[field] as JsonObject, before[field] as JsonObject);
}

function listOf(object: KubeObject, field: string): JsonObject[] {
  const value = object[field];
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

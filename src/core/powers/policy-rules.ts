// Arithmetic on RBAC rules: union, and the coverage check that the API server makes when someone writes a role.
import { isJsonObject, type JsonObject, type KubeObject } from '../kube-object.ts';

/** One rule of a Role or ClusterRole, as it stands in YAML. */
export interface PolicyRule {
  apiGroups?: string[] | null;
  resources?: string[] | null;
  resourceNames?: string[] | null;
  nonResourceURLs?: string[] | null;
  verbs: string[];
}

/** The rules of a Role or ClusterRole; what is no rule is left out. */
export function rulesOf({ rules }: KubeObject): PolicyRule[] {
  return Array.isArray(rules) ? rules.filter(isJsonObject).map(toPolicyRule) : [];
}

function toPolicyRule(rule: JsonObject): PolicyRule {
  const strings = (field: string): string[] => {
    const value = rule[field];
    return Array.isArray(value) ? value.map(String) : [];
  };
  return {
    apiGroups: strings('apiGroups'),
    resources: strings('resources'),
    resourceNames: strings('resourceNames'),
    nonResourceURLs: strings('nonResourceURLs'),
    verbs: strings('verbs'),
  };
}

/** One verb on one resource: what a rule is a product of. `name` is empty when every object is meant. */
export interface Grant {
  group: string;
  resource: string;
  name: string;
  url: string;
  verb: string;
}

const sorted = (values: Iterable<string>): string[] => [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));

/** An absent list and an empty one both mean "no restriction by this field". */
const orAny = (values: string[] | null | undefined): string[] => (values && values.length > 0 ? values : ['']);

/** Splits rules into single grants, as the API server does before it compares them. */
export function computeGrants(rules: readonly PolicyRule[]): Grant[] {
  return rules.flatMap((rule) =>
    rule.verbs.flatMap((verb) => [...resourceGrants(rule, verb), ...urlGrants(rule, verb)]),
  );
}

function resourceGrants(rule: PolicyRule, verb: string): Grant[] {
  return (rule.apiGroups ?? []).flatMap((group) =>
    (rule.resources ?? []).flatMap((resource) =>
      orAny(rule.resourceNames).map((name) => ({ group, resource, name, url: '', verb })),
    ),
  );
}

function urlGrants(rule: PolicyRule, verb: string): Grant[] {
  return (rule.nonResourceURLs ?? []).map((url) => ({ group: '', resource: '', name: '', url, verb }));
}

/** Whether `held` includes `wanted`, by Kubernetes' own rules for wildcards and names. */
function isGrantCovered(held: Grant, wanted: Grant): boolean {
  const covers = (has: string, wants: string): boolean => has === '*' || has === wants;
  if (!covers(held.verb, wanted.verb)) return false;
  if (wanted.url !== '' || held.url !== '') return isUrlCovered(held.url, wanted.url);
  return (
    covers(held.group, wanted.group) &&
    isResourceCovered(held.resource, wanted.resource) &&
    (held.name === '' || held.name === wanted.name)
  );
}

function isUrlCovered(held: string, wanted: string): boolean {
  if (held === '' || wanted === '') return false;
  return held === wanted || (held.endsWith('*') && wanted.startsWith(held.slice(0, -1)));
}

/** `*` holds every resource and subresource, `*` + `/status` that subresource of every resource. */
function isResourceCovered(held: string, wanted: string): boolean {
  if (held === '*' || held === wanted) return true;
  const slash = wanted.indexOf('/');
  return slash > 0 && held === `*/${wanted.slice(slash + 1)}`;
}

/** The grants of `wanted` that `held` lacks. Empty means: a holder of `held` may write a role with `wanted`. */
export function computeMissingGrants(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): Grant[] {
  const has = computeGrants(held);
  return computeGrants(wanted).filter((grant) => !has.some((candidate) => isGrantCovered(candidate, grant)));
}

/** What `wanted` grants and `held` does not, in the form of {@link computeUnion}. */
export function computeRemainder(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): PolicyRule[] {
  return computeUnion(computeMissingGrants(held, wanted).map((grant) => toRule([grant])));
}

const grantId = (grant: Grant): string => JSON.stringify(grant);

/** The shortest list of grants with the same power: no duplicates, nothing that another grant includes. */
function computeMinimalGrants(grants: readonly Grant[]): Grant[] {
  const unique = [...new Map(grants.map((grant) => [grantId(grant), grant])).values()];
  return unique.filter((grant) => !unique.some((other) => other !== grant && isGrantCovered(other, grant)));
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return sorted(groups.keys()).map((key) => groups.get(key) ?? []);
}

const distinct = (grants: readonly Grant[], field: keyof Grant): string[] =>
  sorted(new Set(grants.map((g) => g[field])));

/**
 * One sorted, minimal list of rules with exactly the power of all given ones: resources of one group with the same
 * verbs share a rule, so that a person can read it and a diff shows what was gained or lost.
 */
export function computeUnion(rules: readonly PolicyRule[]): PolicyRule[] {
  const grants = computeMinimalGrants(computeGrants(rules));
  const byTarget = groupBy(grants, (g) => JSON.stringify([g.url === '' ? 0 : 1, g.group, g.name, g.resource, g.url]));
  const withVerbs = byTarget.map((target) => ({ target, verbs: distinct(target, 'verb') }));
  const merged = groupBy(withVerbs, ({ target, verbs }) => {
    const first = target[0];
    return JSON.stringify([first?.url === '' ? 0 : 1, first?.group, first?.name, verbs]);
  });
  return merged.map((entries) => toRule(entries.flatMap((entry) => entry.target)));
}

function toRule(grants: readonly Grant[]): PolicyRule {
  const verbs = distinct(grants, 'verb');
  const urls = distinct(grants, 'url').filter((url) => url !== '');
  if (urls.length > 0) return { nonResourceURLs: urls, verbs };
  const names = distinct(grants, 'name').filter((name) => name !== '');
  return {
    apiGroups: distinct(grants, 'group'),
    resources: distinct(grants, 'resource'),
    ...(names.length > 0 ? { resourceNames: names } : {}),
    verbs,
  };
}

import { RE2JS } from 're2js';
import { isJsonObject, type Json, type JsonObject, type KubeObject } from '../kube-object.ts';
import { listSome } from '../list-some.ts';
import type { PrecheckFacts } from './facts.ts';
import type { PrecheckFinding } from './finding.ts';

/** Longer expressions are refused at admission. */
const MAX_EXPRESSION = 1024;

/** EnvoyFilters that the new proxies would not take as those that run do. */
export function checkEnvoyFilters({ from, to, envoyFilters }: PrecheckFacts): PrecheckFinding[] {
  return envoyFilters.flatMap((filter) => {
    const matches = matchesOf(filter);
    return [...findLeftBehind(filter, matches, { from: from.name, to: to.name }), ...findByName(filter, matches)];
  });
}

function matchesOf({ spec }: KubeObject): JsonObject[] {
  const patches = isJsonObject(spec) && Array.isArray(spec['configPatches']) ? spec['configPatches'] : [];
  return patches.filter(isJsonObject).map(({ match }) => (isJsonObject(match) ? match : {}));
}

/** Those that say a version which the proxies have now and will not have. */
function findLeftBehind(
  { metadata }: KubeObject,
  matches: readonly JsonObject[],
  { from, to }: { from: string; to: string },
): PrecheckFinding[] {
  const versions = matches.flatMap(({ proxy }) => textsAt(proxy, 'proxyVersion'));
  const left = [...new Set(versions)].filter((expression) => accepts(expression, from) && !accepts(expression, to));
  if (left.length === 0) return [];
  const message = `EnvoyFilter ${metadata.namespace}/${metadata.name} is for proxies of versions ${listSome(left)}, and ${to} is none of them`;
  return [
    {
      code: 'EnvoyFilterForVersion',
      level: 'warning',
      message,
      hint: 'give it a patch for the new version, if it is needed there',
    },
  ];
}

/** As Envoy's own: the expression need not reach from end to end. */
function accepts(expression: string, version: string): boolean {
  if (expression.length > MAX_EXPRESSION) return false;
  try {
    return RE2JS.compile(expression).matcher(version).find();
  } catch {
    // It never took effect.
    return false;
  }
}

function findByName({ metadata }: KubeObject, matches: readonly JsonObject[]): PrecheckFinding[] {
  const names = [...new Set(matches.flatMap(namesIn))];
  if (names.length === 0) return [];
  const message = `EnvoyFilter ${metadata.namespace}/${metadata.name} looks for ${listSome(names)} by name`;
  return [{ code: 'EnvoyFilterByName', level: 'warning', message, hint: 'try it with a proxy of the new release' }];
}

/** Names that Istio gives: of listeners, routes and clusters all, of filters its own; Envoy's are a contract. */
function namesIn({ listener, routeConfiguration, cluster }: JsonObject): string[] {
  const chain = child(listener, 'filterChain');
  const filter = child(chain, 'filter');
  const filters = [...textsAt(filter, 'name'), ...textsAt(child(filter, 'subFilter'), 'name')];
  return [
    ...textsAt(listener, 'name'),
    ...textsAt(chain, 'name'),
    ...textsAt(routeConfiguration, 'name'),
    ...textsAt(cluster, 'name'),
    ...filters.filter((name) => name.startsWith('istio')),
  ];
}

function child(value: Json | undefined, name: string): Json | undefined {
  return isJsonObject(value) ? value[name] : undefined;
}

function textsAt(value: Json | undefined, name: string): string[] {
  const text = child(value, name);
  return typeof text === 'string' && text !== '' ? [text] : [];
}

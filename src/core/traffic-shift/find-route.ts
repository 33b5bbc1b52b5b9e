import { isJsonObject, type JsonObject, type KubeObject } from '../kube-object.ts';
import { listSome } from '../list-some.ts';
import type { DestinationChoice, ShiftPlan } from './read-shift.ts';

/** A destination and its weight, as the route has them. */
export interface Destination {
  /** `reviews/v2`, `reviews:9080`: how it is told. */
  name: string;
  /** Undefined where the route names none. */
  weight: number | undefined;
}

/** The rule of a route whose weights are shifted. */
export interface ShiftedRoute {
  kind: 'VirtualService' | 'HTTPRoute';
  /** All rules of the route, as stored. */
  rules: readonly JsonObject[];
  /** Which of the rules. */
  rule: number;
  /** The two destinations, in the order of the rule. */
  destinations: readonly [Destination, Destination];
  /** Which of them is the new one. */
  to: 0 | 1;
}

/** Where each kind keeps its rules and destinations. */
export const ROUTE_FIELDS = {
  VirtualService: { apiVersion: 'networking.istio.io/v1', rules: 'http', destinations: 'route' },
  HTTPRoute: { apiVersion: 'gateway.networking.k8s.io/v1', rules: 'rules', destinations: 'backendRefs' },
} as const;

/** Finds the rule that a shift means, or says why there is none. */
export function findRoute(
  object: KubeObject,
  { route, to }: Pick<ShiftPlan, 'route' | 'to'>,
): { ok: true; route: ShiftedRoute } | { ok: false; text: string } {
  const rules = rulesOf(object, route.kind);
  const wanted = rules.map((rule, index) => ({ rule, index, destinations: destinationsOf(rule, route.kind) }));
  const named = route.rule === undefined ? wanted : wanted.filter(({ rule }) => rule['name'] === route.rule);
  if (named.length === 0) return { ok: false, text: missingRule(route, rules) };
  const fitting = named.flatMap(({ index, destinations }) => {
    const at = destinations.findIndex((each) => isChosen(each, to, route.kind));
    return at >= 0 ? [{ index, destinations, at }] : [];
  });
  if (fitting.length === 0) return { ok: false, text: `no HTTP route of it leads to ${choiceText(to)}` };
  const pairs = fitting.filter(({ destinations }) => destinations.length === 2);
  const [only, another] = pairs;
  if (!only) return { ok: false, text: `its route to ${choiceText(to)} does not have exactly two destinations` };
  if (another)
    return { ok: false, text: `several of its routes lead to ${choiceText(to)}: name one in spec.route.rule` };
  if (only.destinations.every((each) => isChosen(each, to, route.kind))) {
    return { ok: false, text: `both destinations of its route are ${choiceText(to)}: name subset or port in spec.to` };
  }
  const [first, second] = only.destinations.map((each) => viewDestination(each, route.kind));
  if (!first || !second) return { ok: false, text: 'its destinations cannot be read' };
  return {
    ok: true,
    route: {
      kind: route.kind,
      rules,
      rule: only.index,
      destinations: [first, second],
      to: only.at === 0 ? 0 : 1,
    },
  };
}

/** `reviews/v2` */
export function choiceText({ host, subset, port }: DestinationChoice): string {
  return `${host}${port === undefined ? '' : `:${port}`}${subset === undefined ? '' : `/${subset}`}`;
}

function rulesOf({ spec }: KubeObject, kind: ShiftedRoute['kind']): JsonObject[] {
  const rules = isJsonObject(spec) ? spec[ROUTE_FIELDS[kind].rules] : undefined;
  return Array.isArray(rules) ? rules.filter(isJsonObject) : [];
}

/** The destinations of a rule, as stored. */
export function destinationsOf(rule: JsonObject, kind: ShiftedRoute['kind']): JsonObject[] {
  const list = rule[ROUTE_FIELDS[kind].destinations];
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
}

/** What names a destination, in either kind. */
function nameParts(destination: JsonObject, kind: ShiftedRoute['kind']): DestinationChoice {
  if (kind === 'HTTPRoute') {
    const { name, port } = destination;
    return { host: textOf(name) ?? '', port: numberOf(port) };
  }
  const place = isJsonObject(destination['destination']) ? destination['destination'] : {};
  const port = isJsonObject(place['port']) ? place['port'] : {};
  return { host: textOf(place['host']) ?? '', subset: textOf(place['subset']), port: numberOf(port['number']) };
}

function isChosen(destination: JsonObject, to: DestinationChoice, kind: ShiftedRoute['kind']): boolean {
  const { host, subset, port } = nameParts(destination, kind);
  return (
    host === to.host && (to.subset === undefined || to.subset === subset) && (to.port === undefined || to.port === port)
  );
}

function viewDestination(destination: JsonObject, kind: ShiftedRoute['kind']): Destination {
  return { name: choiceText(nameParts(destination, kind)), weight: numberOf(destination['weight']) };
}

function missingRule({ rule = '' }: ShiftPlan['route'], rules: readonly JsonObject[]): string {
  const names = rules.flatMap(({ name }) => (typeof name === 'string' ? [name] : []));
  if (rule === '') return 'it has no HTTP routes';
  return `it has no HTTP route ${rule}${names.length > 0 ? `; there is ${listSome(names)}` : ''}`;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

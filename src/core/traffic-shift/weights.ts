import type { JsonObject } from '../kube-object.ts';
import { destinationsOf, ROUTE_FIELDS, type ShiftedRoute } from './find-route.ts';

/** The weights of the two destinations, in the order of the rule; undefined where there is none. */
export type WeightPair = readonly [number | undefined, number | undefined];

/** The weights as they are. */
export function pairOf({ destinations: [first, second] }: ShiftedRoute): WeightPair {
  return [first.weight, second.weight];
}

/** The weights that give the new destination that many of a hundred requests. */
export function pairAt({ to }: Pick<ShiftedRoute, 'to'>, percent: number): WeightPair {
  return to === 0 ? [percent, 100 - percent] : [100 - percent, percent];
}

/**
 * How many of a hundred requests the new destination gets by these weights. A VirtualService without a weight counts it
 * as 0, an HTTPRoute as 1, and weights that are all 0 send nothing anywhere.
 */
export function shareOf({ to, kind }: Pick<ShiftedRoute, 'to' | 'kind'>, pair: WeightPair): number {
  const absent = kind === 'HTTPRoute' ? 1 : 0;
  const [first, second] = pair.map((weight) => weight ?? absent) as [number, number];
  const sum = first + second;
  return sum > 0 ? Math.round(((to === 0 ? first : second) * 100) / sum) : 0;
}

export function isSamePair(a: WeightPair, b: WeightPair): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

/** `95/5`, in the order of the rule. */
export function pairText(pair: WeightPair): string {
  return pair.map((weight) => weight ?? '-').join('/');
}

/** The spec's field with all rules, in which nothing but the two weights differs. Both change in one write. */
export function rulesWith({ kind, rules, rule }: ShiftedRoute, pair: WeightPair): JsonObject {
  const fields = ROUTE_FIELDS[kind];
  const changed = rules.map((each, index) => {
    if (index !== rule) return each;
    const destinations = destinationsOf(each, kind).map((destination, at) => {
      const { weight: _, ...rest } = destination;
      const weight = pair[at];
      return weight === undefined ? rest : { ...rest, weight };
    });
    return { ...each, [fields.destinations]: destinations };
  });
  return { [fields.rules]: changed };
}

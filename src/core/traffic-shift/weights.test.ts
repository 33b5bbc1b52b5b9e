import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject, KubeObject } from '../kube-object.ts';
import { findRoute, type ShiftedRoute } from './find-route.ts';
import { isSamePair, pairAt, pairOf, pairText, rulesWith, shareOf, type WeightPair } from './weights.ts';

const weight = fc.option(fc.integer({ min: 0, max: 1000 }), { nil: undefined });
const subset = (name: string, at: number | undefined): JsonObject => ({
  destination: { host: 'reviews', subset: name },
  headers: { response: { set: { version: name } } },
  ...(at === undefined ? {} : { weight: at }),
});

function routeOf(pair: WeightPair, at: 0 | 1): ShiftedRoute {
  const names = at === 0 ? ['v2', 'v1'] : ['v1', 'v2'];
  const http = [
    { match: [{ uri: { prefix: '/a' } }], route: [subset('v1', 3)] },
    { timeout: '3s', route: names.map((name, index) => subset(name, pair[index])) },
  ];
  const object: KubeObject = { apiVersion: '', kind: 'VirtualService', metadata: { name: 'r' }, spec: { http } };
  const plan = { route: { kind: 'VirtualService', name: 'r' } as const, to: { host: 'reviews', subset: 'v2' } };
  const found = findRoute(object, plan);
  if (!found.ok) throw new Error(found.text);
  return found.route;
}

const withoutWeights = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, inner: unknown) => (key === 'weight' ? undefined : inner)));

it('sets weights that add up to 100, and touches nothing else; setting the former ones gives what was', () => {
  const places = fc.constantFrom(0 as const, 1 as const);
  fc.assert(
    fc.property(fc.tuple(weight, weight), places, fc.integer({ min: 1, max: 100 }), (before, at, percent) => {
      const route = routeOf(before, at);
      const { http } = rulesWith(route, pairAt(route, percent)) as { http: JsonObject[] };
      const weights = (http[1]?.['route'] as { weight: number }[]).map((each) => each.weight);
      expect(weights.reduce((sum, each) => sum + each, 0)).toBe(100);
      expect(weights[at]).toBe(percent);
      expect(http[0]).toEqual(route.rules[0]);
      expect(withoutWeights(http)).toEqual(withoutWeights(route.rules));
      const changed = { ...route, rules: http };
      expect(rulesWith(changed, pairOf(route))).toEqual({ http: route.rules });
    }),
    { numRuns: 500 },
  );
});

describe('the share of the new destination', () => {
  it.each<[WeightPair, 'VirtualService' | 'HTTPRoute', number]>([
    [[95, 5], 'VirtualService', 5],
    [[1, 3], 'VirtualService', 75],
    [[100, undefined], 'VirtualService', 0],
    [[undefined, undefined], 'VirtualService', 0],
    [[undefined, undefined], 'HTTPRoute', 50],
    [[9, undefined], 'HTTPRoute', 10],
    [[0, 0], 'HTTPRoute', 0],
  ])('of %j in a %s is %i', (pair, kind, share) => {
    expect(shareOf({ to: 1, kind }, pair)).toBe(share);
  });

  it('counts the first destination where it is the new one', () => {
    expect(shareOf({ to: 0, kind: 'VirtualService' }, [20, 80])).toBe(20);
  });
});

it('tells no weight from 0', () => {
  expect(isSamePair([100, undefined], [100, 0])).toBe(false);
  expect(pairText([100, undefined])).toBe('100/-');
});

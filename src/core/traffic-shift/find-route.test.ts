import { describe, expect, it } from 'vitest';
import type { JsonObject, KubeObject } from '../kube-object.ts';
import { findRoute } from './find-route.ts';
import type { ShiftPlan } from './read-shift.ts';

const to = (subset: string, weight?: number, host = 'reviews'): JsonObject => ({
  destination: { host, subset },
  ...(weight === undefined ? {} : { weight }),
});
const ref = (name: string, weight?: number, port = 80): JsonObject => ({
  name,
  port,
  ...(weight === undefined ? {} : { weight }),
});

function virtualService(...http: JsonObject[]): KubeObject {
  return { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: 'r' }, spec: { http } };
}

const PLAN: Pick<ShiftPlan, 'route' | 'to'> = {
  route: { kind: 'VirtualService', name: 'r' },
  to: { host: 'reviews', subset: 'v2' },
};
const PAIR = { route: [to('v1', 100), to('v2', 0)] };

describe('the rule of a VirtualService', () => {
  it.each<[string, KubeObject, object, number, 0 | 1]>([
    ['is the only one', virtualService(PAIR), {}, 0, 1],
    ['has the new destination first', virtualService({ route: [to('v2'), to('v1', 100)] }), {}, 0, 0],
    ['is the one with a second destination', virtualService({ route: [to('v2')] }, PAIR), {}, 1, 1],
    ['is named', virtualService({ name: 'a', ...PAIR }, { name: 'b', ...PAIR }), { rule: 'b' }, 1, 1],
  ])('%s', (_, object, route, rule, at) => {
    const found = findRoute(object, { ...PLAN, route: { ...PLAN.route, ...route } });
    expect(found).toMatchObject({ ok: true, route: { rule, to: at } });
  });

  it.each<[string, KubeObject, object, string]>([
    ['without rules', virtualService(), {}, 'it has no HTTP routes'],
    ['without that rule', virtualService({ name: 'a', ...PAIR }), { rule: 'b' }, 'it has no HTTP route b; there is a'],
    ['to other places', virtualService({ route: [to('v1'), to('v3')] }), {}, 'no HTTP route of it leads to reviews/v2'],
    ['to it alone', virtualService({ route: [to('v2')] }), {}, 'does not have exactly two destinations'],
    ['to three', virtualService({ route: [to('v1'), to('v2'), to('v3')] }), {}, 'does not have exactly two'],
    ['twice', virtualService(PAIR, PAIR), {}, 'several of its routes lead to reviews/v2: name one in spec.route.rule'],
    [
      'to it and to it',
      virtualService({ route: [to('v2', 1), to('v2', 2)] }),
      {},
      'both destinations of its route are',
    ],
    ['that redirects', virtualService({ redirect: { uri: '/' } }), {}, 'no HTTP route of it leads to'],
  ])('is not found: %s', (_, object, route, text) => {
    expect(findRoute(object, { ...PLAN, route: { ...PLAN.route, ...route } })).toEqual({
      ok: false,
      text: expect.stringContaining(text) as unknown,
    });
  });

  it('tells destinations by host, port and subset, with weights as they are', () => {
    const route = [{ destination: { host: 'a', port: { number: 80 } } }, to('v2', 7)];
    expect(findRoute(virtualService({ route }), PLAN)).toMatchObject({
      route: {
        destinations: [
          { name: 'a:80', weight: undefined },
          { name: 'reviews/v2', weight: 7 },
        ],
      },
    });
  });
});

it('finds the rule of an HTTPRoute by Service and port', () => {
  const object: KubeObject = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: 'r' },
    spec: { rules: [{ backendRefs: [ref('a')] }, { backendRefs: [ref('a', 9), ref('a', 1, 81)] }] },
  };
  const plan = { route: { kind: 'HTTPRoute', name: 'r' } as const, to: { host: 'a', port: 81 } };
  expect(findRoute(object, plan)).toMatchObject({ ok: true, route: { rule: 1, to: 1 } });
  expect(findRoute(object, { ...plan, to: { host: 'a' } })).toMatchObject({
    text: 'both destinations of its route are a: name subset or port in spec.to',
  });
});

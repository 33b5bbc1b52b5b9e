import { expect, it } from 'vitest';
import { objectKey, refOf, type KubeObject } from '../kube-object.ts';
import type { DesiredObject } from './desired.ts';
import { hideFromIstiod } from './hidden-webhooks.ts';
import { findReplaceable, findWaiting, mustHide, type SeenWebhooks, type Takeover } from './takeover-order.ts';
import type { AdoptStep } from './plan-objects.ts';

const COMPONENTS = ['Base', 'Cni', 'Pilot', 'Ztunnel', 'IngressGateways'] as const;

function desired(kind: string, phase = 2, name = 'istiod'): DesiredObject {
  const webhooks = [{ name: 'a', clientConfig: { caBundle: 'b3Vycw==' } }];
  const object: KubeObject = { apiVersion: 'x/v1', kind, metadata: { name, namespace: 'ns' }, webhooks };
  const ref = refOf(object);
  return {
    key: objectKey(ref),
    ref,
    component: COMPONENTS[phase] ?? 'Pilot',
    instance: 'x',
    phase,
    hash: '',
    object,
    createOnly: false,
  };
}
const adoption = (one: DesiredObject): AdoptStep => ({
  desired: one,
  object: one.object,
  live: one.object,
  force: true,
  formerly: [],
  kept: {},
});

const DEPLOYMENT = desired('Deployment');
const INJECTOR = desired('MutatingWebhookConfiguration');
const VALIDATOR = desired('ValidatingWebhookConfiguration');
const INJECTOR_CONFIG = desired('ConfigMap', 2, 'istio-sidecar-injector');
const MESH_CONFIG = desired('ConfigMap', 2, 'istio');

const LIVE = new Map(
  [DEPLOYMENT, INJECTOR, VALIDATOR, INJECTOR_CONFIG, MESH_CONFIG].map((one) => [one.key, one.object]),
);
const ALL = [DEPLOYMENT, INJECTOR, VALIDATOR, INJECTOR_CONFIG, MESH_CONFIG];

const planOf = (adopt: DesiredObject[], unchanged: DesiredObject[] = []): Takeover['plan'] => ({
  adopt: adopt.map(adoption),
  create: [],
  apply: [],
  unchanged,
  replaced: [],
});
const seen = (isReached: boolean, ...asked: DesiredObject[]): SeenWebhooks => ({
  isReached,
  isAsked: ({ kind }) => asked.some(({ ref }) => ref.kind === kind),
});
const takeoverOf = (parts: Partial<Takeover>): Takeover => ({
  plan: planOf([]),
  desired: ALL,
  isReady: () => true,
  live: LIVE,
  ...parts,
});
const waitingIn = (parts: Partial<Takeover>): string[] => [...findWaiting(takeoverOf(parts)).keys()];

it.each<[title: string, parts: Partial<Takeover>, waiting: DesiredObject[]]>([
  [
    'webhooks come first where the API server reaches us',
    { plan: planOf(ALL), seen: seen(true) },
    [INJECTOR_CONFIG, DEPLOYMENT],
  ],
  [
    'only those of validation, where it is not known to',
    { plan: planOf(ALL), seen: seen(false) },
    [INJECTOR, INJECTOR_CONFIG, DEPLOYMENT],
  ],
  [
    'then injectors, once those of validation have proven it',
    { plan: planOf([INJECTOR, INJECTOR_CONFIG, DEPLOYMENT], [VALIDATOR]), seen: seen(true, VALIDATOR) },
    [INJECTOR_CONFIG, DEPLOYMENT],
  ],
  [
    'an injector waits for no webhook of validation that stays with others',
    { plan: planOf([INJECTOR]), seen: seen(false) },
    [],
  ],
  [
    'what runs waits until we are seen to be asked by all',
    { plan: planOf([INJECTOR_CONFIG, DEPLOYMENT], [INJECTOR, VALIDATOR]), seen: seen(true, INJECTOR) },
    [DEPLOYMENT],
  ],
  [
    'what the former server reads, until no injector leads there',
    { plan: planOf([INJECTOR_CONFIG, DEPLOYMENT], [INJECTOR, VALIDATOR]), seen: seen(true, VALIDATOR) },
    [INJECTOR_CONFIG, DEPLOYMENT],
  ],
  [
    'in the end it restarts',
    { plan: planOf([INJECTOR_CONFIG, DEPLOYMENT], [INJECTOR, VALIDATOR]), seen: seen(true, INJECTOR, VALIDATOR) },
    [],
  ],
  ['webhooks that stay with others keep nobody', { plan: planOf([DEPLOYMENT]), seen: seen(true) }, []],
  [
    'webhooks that lead elsewhere keep nobody',
    { plan: planOf([INJECTOR_CONFIG, DEPLOYMENT], [INJECTOR]), seen: { isReached: true, isAsked: () => undefined } },
    [],
  ],
  ['where nobody looks at webhooks, those that change wait for nothing', { plan: planOf([INJECTOR, VALIDATOR]) }, []],
])('%s', (_title, parts, waiting) => {
  expect(waitingIn(parts).sort()).toEqual(waiting.map(({ key }) => key).sort());
});

it('webhooks are hidden from a former control plane until ours is ready, and then show again', () => {
  const hidden = { ...INJECTOR, object: hideFromIstiod(INJECTOR.object) };
  const apply = [{ desired: INJECTOR, object: INJECTOR.object, force: true }];
  const isNotReady = { isReady: () => false };
  expect(mustHide(INJECTOR, takeoverOf({ plan: planOf([DEPLOYMENT, INJECTOR]) }))).toBe(true);
  expect(mustHide(INJECTOR, takeoverOf({ plan: planOf([INJECTOR]), ...isNotReady }))).toBe(true);
  expect(mustHide(INJECTOR, takeoverOf({ plan: planOf([INJECTOR]) }))).toBe(false);
  expect(mustHide(INJECTOR, takeoverOf({ live: new Map(), ...isNotReady }))).toBe(false);
  const live = new Map([...LIVE, [hidden.key, hidden.object]]);
  const plan = { ...planOf([]), apply };
  expect(waitingIn({ plan, live, ...isNotReady })).toEqual([INJECTOR.key]);
  expect(waitingIn({ plan, live })).toEqual([]);
  // A change of one that is not hidden is none of a hand-over's.
  const shown = { ...INJECTOR.object, metadata: { ...INJECTOR.object.metadata, labels: { 'istio.io/rev': 'x' } } };
  expect(waitingIn({ plan, live: new Map([...LIVE, [INJECTOR.key, shown]]), ...isNotReady })).toEqual([]);
});

it('a gateway is no control plane, but one of another phase hides the webhook that all revisions share', () => {
  const gateway = desired('Deployment', 4);
  const shared = desired('ValidatingWebhookConfiguration', 0, 'istiod-default-validator');
  const isReady = (): boolean => false;
  const live = new Map([gateway, DEPLOYMENT].map((one) => [one.key, one.object]));
  expect(mustHide(INJECTOR, takeoverOf({ desired: [gateway, INJECTOR], isReady, live }))).toBe(false);
  expect(mustHide(shared, takeoverOf({ desired: [shared, DEPLOYMENT], isReady, live }))).toBe(true);
  expect(waitingIn({ plan: planOf([gateway, INJECTOR]), desired: [gateway, INJECTOR], live })).toEqual([]);
});

it('an injector that ours stands in for goes once ours is there and reached; istiod restarts after that', () => {
  const tag = { ...refOf(INJECTOR.object), name: 'istio-revision-tag-default' };
  const replaced = [
    { key: objectKey(tag), ref: tag, uid: 'u', component: 'Pilot', object: INJECTOR.object, by: INJECTOR.key },
  ];
  const waits = (plan: Takeover['plan'], isAsked: boolean): [waiting: string[], replaceable: number] => {
    const parts = { plan, desired: [DEPLOYMENT, INJECTOR], seen: seen(isAsked, ...(isAsked ? [INJECTOR] : [])) };
    return [waitingIn(parts), findReplaceable(takeoverOf(parts)).length];
  };
  const after = planOf([DEPLOYMENT], [INJECTOR]);
  expect(waits({ ...planOf([INJECTOR, DEPLOYMENT]), replaced }, true)).toEqual([[DEPLOYMENT.key], 0]);
  expect(waits({ ...after, replaced }, false)).toEqual([[DEPLOYMENT.key], 0]);
  expect(waits({ ...after, replaced }, true)).toEqual([[DEPLOYMENT.key], 1]);
  expect(waits(after, true)).toEqual([[], 0]);
});

import { expect, it } from 'vitest';
import { objectKey, refOf, type KubeObject } from '../kube-object.ts';
import type { DesiredObject } from './desired.ts';
import { findEarlyWebhooks, findReplaceable, isReached, type WebhookTakeover } from './early-webhooks.ts';
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

const planOf = (adopt: DesiredObject[], unchanged: DesiredObject[] = []): WebhookTakeover['plan'] => ({
  adopt: adopt.map(adoption),
  create: [],
  apply: [],
  unchanged,
  replaced: [],
});

it.each<[title: string, adopt: DesiredObject[], isReady: boolean, early: string[]]>([
  ['together with their control plane', [DEPLOYMENT, INJECTOR, VALIDATOR], true, [INJECTOR.key, VALIDATOR.key]],
  ['while the control plane, ours now, is not ready', [INJECTOR], false, [INJECTOR.key]],
  ['once it is', [INJECTOR], true, []],
  ['when there are none', [DEPLOYMENT], false, []],
])('webhooks that are taken over %s', (_, adopt, isReady, early) => {
  const live = new Map([[DEPLOYMENT.key, DEPLOYMENT.object]]);
  const all = [DEPLOYMENT, INJECTOR, VALIDATOR];
  const found = findEarlyWebhooks({ plan: planOf(adopt), desired: all, isReady: () => isReady, live });
  expect([...found.keys()]).toEqual(early);
});

it('wait for no Deployment of another phase, and for none that is not there', () => {
  const gateway = desired('Deployment', 4);
  const plan = planOf([INJECTOR]);
  const live = new Map([[gateway.key, gateway.object]]);
  expect(findEarlyWebhooks({ plan, desired: [gateway, INJECTOR], isReady: () => false, live }).size).toBe(0);
  expect(findEarlyWebhooks({ plan, desired: [DEPLOYMENT], isReady: () => false, live: new Map() }).size).toBe(0);
});

it.each<[title: string, adopt: DesiredObject[], unchanged: DesiredObject[], isProven: boolean, early: string[]]>([
  ['waits', [INJECTOR, VALIDATOR, INJECTOR_CONFIG, MESH_CONFIG], [], false, [INJECTOR.key, INJECTOR_CONFIG.key]],
  ['still waits', [INJECTOR, INJECTOR_CONFIG], [VALIDATOR], false, [INJECTOR.key, INJECTOR_CONFIG.key]],
  ['goes over', [INJECTOR, INJECTOR_CONFIG], [VALIDATOR], true, [INJECTOR_CONFIG.key]],
  ['waits for no webhook of validation that stays with others', [INJECTOR], [], false, []],
])('an injector %s until validation has proven that we are reached', (...[, adopt, unchanged, isProven, early]) => {
  const all = [DEPLOYMENT, INJECTOR, VALIDATOR, INJECTOR_CONFIG, MESH_CONFIG];
  const live = new Map(all.map((one) => [one.key, one.object]));
  const takeover: WebhookTakeover = {
    plan: planOf(adopt, unchanged),
    desired: all,
    isReady: () => true,
    isProven: ({ kind }) => isProven && kind === VALIDATOR.ref.kind,
    live,
  };
  expect([...findEarlyWebhooks(takeover).keys()]).toEqual(early);
  expect(isReached(takeover)).toBe(isProven);
});

it('what the former server reads waits until ours are seen to be asked in its place, and its tag is gone', () => {
  const all = [DEPLOYMENT, INJECTOR, INJECTOR_CONFIG];
  const live = new Map(all.map((one) => [one.key, one.object]));
  const tag = { ...refOf(INJECTOR.object), name: 'istio-revision-tag-default' };
  const replaced = {
    key: objectKey(tag),
    ref: tag,
    uid: 'u',
    component: 'Pilot',
    object: INJECTOR.object,
    by: INJECTOR.key,
  };
  const waits = (plan: WebhookTakeover['plan'], isProven: boolean): [held: number, replaceable: number] => {
    const takeover = { plan, desired: all, isReady: () => true, isProven: () => isProven, live };
    return [findEarlyWebhooks(takeover).size, findReplaceable(takeover).length];
  };
  const after = planOf([INJECTOR_CONFIG], [INJECTOR]);
  expect(waits({ ...planOf([INJECTOR, INJECTOR_CONFIG]), replaced: [replaced] }, true)).toEqual([1, 0]);
  expect(waits({ ...after, replaced: [replaced] }, false)).toEqual([1, 0]);
  expect(waits({ ...after, replaced: [replaced] }, true)).toEqual([1, 1]);
  expect(waits(after, false)).toEqual([1, 0]);
  expect(waits(after, true)).toEqual([0, 0]);
});

it('the webhook of validation that revisions share waits for the control plane that answered it', () => {
  const shared = desired('ValidatingWebhookConfiguration', 0, 'istiod-default-validator');
  const takeover = {
    plan: planOf([shared]),
    desired: [shared, DEPLOYMENT],
    live: new Map([[DEPLOYMENT.key, DEPLOYMENT.object]]),
  };
  expect(findEarlyWebhooks({ ...takeover, isReady: () => false }).size).toBe(1);
  expect(findEarlyWebhooks({ ...takeover, isReady: () => true }).size).toBe(0);
});

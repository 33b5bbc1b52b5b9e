import { expect, it } from 'vitest';
import { objectKey, refOf, type KubeObject } from '../kube-object.ts';
import type { DesiredObject } from './desired.ts';
import { findEarlyWebhooks, findProvenBundle, type WebhookTakeover } from './early-webhooks.ts';
import type { AdoptStep } from './plan-objects.ts';

function desired(kind: string, phase = 2, name = 'istiod'): DesiredObject {
  const webhooks = [{ name: 'a', clientConfig: { caBundle: 'b3Vycw==' } }];
  const object: KubeObject = { apiVersion: 'x/v1', kind, metadata: { name, namespace: 'ns' }, webhooks };
  const ref = refOf(object);
  return { key: objectKey(ref), ref, component: 'Pilot', instance: 'x', phase, hash: '', object, createOnly: false };
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
  ['goes over', [INJECTOR, INJECTOR_CONFIG], [VALIDATOR], true, []],
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
  expect(findProvenBundle(takeover)).toBe(isProven ? 'b3Vycw==' : undefined);
});

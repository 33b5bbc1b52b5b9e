import { expect, it } from 'vitest';
import { objectKey, refOf, type KubeObject } from '../kube-object.ts';
import type { DesiredObject } from './desired.ts';
import { findEarlyWebhooks } from './early-webhooks.ts';
import type { AdoptStep } from './plan-objects.ts';

function desired(kind: string, phase = 2): DesiredObject {
  const object: KubeObject = { apiVersion: 'x/v1', kind, metadata: { name: 'istiod', namespace: 'ns' } };
  const ref = refOf(object);
  return { key: objectKey(ref), ref, component: 'Pilot', instance: 'x', phase, hash: '', object, createOnly: false };
}
const adoption = (one: DesiredObject): AdoptStep => ({
  desired: one,
  object: one.object,
  live: one.object,
  force: true,
  formerly: [],
  kept: [],
});

const DEPLOYMENT = desired('Deployment');
const INJECTOR = desired('MutatingWebhookConfiguration');
const VALIDATOR = desired('ValidatingWebhookConfiguration');

it.each<[title: string, adopt: DesiredObject[], isReady: boolean, early: string[]]>([
  ['together with their control plane', [DEPLOYMENT, INJECTOR, VALIDATOR], true, [INJECTOR.key, VALIDATOR.key]],
  ['while the control plane, ours now, is not ready', [INJECTOR], false, [INJECTOR.key]],
  ['once it is', [INJECTOR], true, []],
  ['when there are none', [DEPLOYMENT], false, []],
])('webhooks that are taken over %s', (_, adopt, isReady, early) => {
  const live = new Map([[DEPLOYMENT.key, DEPLOYMENT.object]]);
  const all = [DEPLOYMENT, INJECTOR, VALIDATOR];
  const found = findEarlyWebhooks({ adopt: adopt.map(adoption), desired: all, isReady: () => isReady, live });
  expect([...found.keys()]).toEqual(early);
});

it('wait for no Deployment of another phase, and for none that is not there', () => {
  const gateway = desired('Deployment', 4);
  const adopt = [adoption(INJECTOR)];
  const live = new Map([[gateway.key, gateway.object]]);
  expect(findEarlyWebhooks({ adopt, desired: [gateway, INJECTOR], isReady: () => false, live }).size).toBe(0);
  expect(findEarlyWebhooks({ adopt, desired: [DEPLOYMENT], isReady: () => false, live: new Map() }).size).toBe(0);
});

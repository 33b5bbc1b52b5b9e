import { expect, it } from 'vitest';
import { OWNER, renderControlPlane } from '../../../test/builders/control-plane.ts';
import { objectKey, refOf } from '../kube-object.ts';
import { planPrune } from './plan-prune.ts';
import { orderRemoval } from './removal-order.ts';

const entries = planPrune({
  desired: [],
  owner: OWNER,
  others: [],
  owned: new Map(
    renderControlPlane().map((object) => {
      const managedFields = [{ manager: 'sailwright', operation: 'Apply', fieldsType: 'FieldsV1', fieldsV1: {} }];
      const live = { ...object, metadata: { ...object.metadata, managedFields } };
      return [objectKey(refOf(object)), live];
    }),
  ),
});

it('removes webhooks after all that they protect, and what they answer from after them', () => {
  const stages = orderRemoval(entries).map((stage) => stage.map(({ ref }) => ref.kind));
  expect(stages).toHaveLength(3);
  const [first = [], webhooks = [], last = []] = stages;
  expect(first).toContain('Deployment');
  expect(new Set(webhooks)).toEqual(new Set(['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']));
  expect(new Set(last)).toEqual(new Set(['ConfigMap']));
  expect(stages.flat()).toHaveLength(entries.length);
});

it('removes gateways before istiod, and within a phase what others refer to last', () => {
  const kinds = (orderRemoval(entries)[0] ?? []).map(({ ref, component }) => `${component} ${ref.kind}`);
  expect(kinds.indexOf('IngressGateways Deployment')).toBeLessThan(kinds.indexOf('Pilot Deployment'));
  expect(kinds.indexOf('Pilot Deployment')).toBeLessThan(kinds.indexOf('Pilot ServiceAccount'));
});

import { describe, expect, it } from 'vitest';
import { computeWebhookConditions, type ObservedWebhook, type WebhookProof } from './webhook-conditions.ts';

const AT = { generation: 2, now: '2026-01-02T00:00:00Z' };
const MUTATING = 'MutatingWebhookConfiguration';
const VALIDATING = 'ValidatingWebhookConfiguration';

function observed(kind: string, name: string, proof?: Partial<WebhookProof>): ObservedWebhook {
  if (!proof) return { kind, name };
  return { kind, name, proof: { kind, name, isProven: true, isEnforced: true, message: '', ...proof } };
}

describe('computeWebhookConditions', () => {
  it('says nothing where no webhook calls us', () => {
    expect(computeWebhookConditions([], [], AT)).toEqual([]);
  });

  it('tells injection and validation apart', () => {
    const webhooks = [
      observed(MUTATING, 'injector', {}),
      observed(VALIDATING, 'validator', { isProven: false, isEnforced: false, message: 'not reached' }),
    ];
    expect(computeWebhookConditions(webhooks, [], AT)).toMatchObject([
      { type: 'InjectionEnforced', status: 'True', reason: 'WebhookProven', observedGeneration: 2 },
      {
        type: 'ValidationEnforced',
        status: 'False',
        reason: 'WebhookNotProven',
        message: 'validator: not reached; configurations pass without it',
      },
    ]);
  });

  it('says that requests are refused while a binding webhook is not reached', () => {
    const webhooks = [observed(MUTATING, 'injector', { isProven: false, message: 'not reached' })];
    const [condition] = computeWebhookConditions(webhooks, [], AT);
    expect(condition?.message).toBe('injector: not reached; pods are refused until it answers');
  });

  it('says who undoes what is written, before all else', () => {
    const webhooks = [
      observed(MUTATING, 'a', { isProven: false, message: 'not reached' }),
      observed(MUTATING, 'b', { contested: '"rival" changes it back' }),
    ];
    const [condition] = computeWebhookConditions(webhooks, [], AT);
    expect(condition).toMatchObject({ status: 'False', reason: 'FieldsContested', message: '"rival" changes it back' });
  });

  it('says that a person chose', () => {
    const [condition] = computeWebhookConditions([observed(MUTATING, 'injector', { isEnforced: false })], [], AT);
    expect(condition).toMatchObject({ status: 'False', reason: 'WebhookOptional' });
  });

  it('keeps what the former leader saw until the new one has tried', () => {
    const [before] = computeWebhookConditions([observed(MUTATING, 'a', {})], [], { ...AT, generation: 1 });
    if (!before) throw new Error('no condition');
    const untried = [observed(MUTATING, 'a'), observed(MUTATING, 'b', {})];
    expect(computeWebhookConditions(untried, [before], AT)).toEqual([before]);
    expect(computeWebhookConditions(untried, [], AT)).toMatchObject([{ status: 'False', reason: 'WebhookNotProven' }]);
  });

  it('moves the time only with the status', () => {
    const webhooks = [observed(MUTATING, 'a', {})];
    const previous = computeWebhookConditions(webhooks, [], AT);
    const later = { generation: 3, now: '2026-01-03T00:00:00Z' };
    expect(computeWebhookConditions(webhooks, previous, later)[0]).toMatchObject({
      lastTransitionTime: AT.now,
      observedGeneration: 3,
    });
    const lost = [observed(MUTATING, 'a', { isProven: false, message: 'x' })];
    expect(computeWebhookConditions(lost, previous, later)[0]?.lastTransitionTime).toBe(later.now);
  });
});

import { describe, expect, it } from 'vitest';
import { CA_MANAGER } from '../../api/our-names.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { planCaBundle } from './plan-configuration.ts';
import { WebhookRepairs, type Write } from './repairs.ts';

const ENDPOINT = { namespace: 'sailwright-system' };
const clientConfig = { service: { name: 'sailwright-webhook', namespace: 'sailwright-system' } };

/** As a rival left it. */
function configuration(caBundle: string, { uid = '1', names = ['a'] } = {}): KubeObject {
  const ofEntry = (name: string): [string, object] => [
    `k:${JSON.stringify({ name })}`,
    { 'f:clientConfig': { 'f:caBundle': {} } },
  ];
  const fieldsV1 = { 'f:webhooks': Object.fromEntries(names.map(ofEntry)) };
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: 'c', uid, managedFields: [{ manager: 'rival', operation: 'Update', fieldsV1 }] },
    webhooks: names.map((name) => ({ name, clientConfig: { ...clientConfig, caBundle } })),
  };
}

const bundleWrite = (live: KubeObject, bundle = 'OURS'): Write => ({
  configuration: live,
  operations: planCaBundle(live, ENDPOINT, bundle),
  fieldManager: CA_MANAGER,
});

/** Writes as often as it may, and returns how long each write would have had to wait. */
function fight(writes: readonly Write[]): { waits: number[]; repairs: WebhookRepairs } {
  let now = 0;
  const repairs = new WebhookRepairs(() => now);
  const waits = writes.map((write) => {
    const waitMs = repairs.waitOf(write);
    now += waitMs;
    repairs.note(write);
    return waitMs;
  });
  return { waits, repairs };
}

const often = (write: Write): Write[] => Array.from({ length: 8 }, () => write);

describe('writes to webhook configurations', () => {
  it('wait longer and longer when somebody undoes them, who is named with the field', () => {
    const { waits, repairs } = fight(often(bundleWrite(configuration('THEIRS'))));
    expect(waits.slice(0, 4)).toEqual([0, 0, 0, 0]);
    expect(waits.slice(4)).toEqual([5_000, 10_000, 20_000, 40_000]);
    expect(repairs.describe(configuration('THEIRS'))).toMatch(
      /MutatingWebhookConfiguration c: "rival" changes \.webhooks\[name="a"\]\.clientConfig\.caBundle back/,
    );
    expect(repairs.list()).toEqual([expect.objectContaining({ manager: 'rival', name: 'c' })]);
  });

  it.each<[what: string, writes: Write[]]>([
    ['a new certificate', Array.from({ length: 8 }, (_, i) => bundleWrite(configuration('OLD'), `NEW-${i}`))],
    ['a configuration made anew', Array.from({ length: 8 }, (_, i) => bundleWrite(configuration('', { uid: `${i}` })))],
    ['another entry', Array.from({ length: 8 }, (_, i) => bundleWrite(configuration('', { names: [`entry-${i}`] })))],
  ])('do not wait for %s', (_what, writes) => {
    const { waits, repairs } = fight(writes);
    expect(waits).toEqual(Array.from({ length: 8 }, () => 0));
    expect(repairs.describe(configuration(''))).toBe('');
  });
});

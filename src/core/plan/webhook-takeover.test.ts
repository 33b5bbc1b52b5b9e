import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../kube-object.ts';
import { planWebhookTakeover } from './webhook-takeover.ts';

const FORMER = btoa('former\n');
const OURS = btoa('ours\n');
const REACHED = { bundle: OURS, isReached: true };
const injector = (webhooks: object[]): KubeObject => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingWebhookConfiguration',
  metadata: { name: 'istio-sidecar-injector' },
  webhooks,
});
const entry = (name: string, caBundle?: string, failurePolicy = 'Fail'): object => ({
  name,
  failurePolicy,
  clientConfig: { caBundle },
});
const DESIRED = injector([entry('a'), entry('b')]);

describe('an injector that becomes ours', () => {
  const cases: [title: string, live: object[], bundles: [number, string][]][] = [
    ['trusts both servers', [entry('a', FORMER)], [[0, btoa('former\nours\n')]]],
    ['trusts us where nobody was named', [entry('a')], [[0, OURS]]],
    ['is not given the same twice', [entry('a', btoa('former\nours\n'))], [[0, btoa('former\nours\n')]]],
    ['keeps what we do not render', [entry('gone', FORMER), entry('b', FORMER)], [[1, btoa('former\nours\n')]]],
  ];
  it.each(cases)('%s', (_title, live, bundles) => {
    const plan = planWebhookTakeover(injector(live), DESIRED, REACHED);
    expect([...plan.bundles]).toEqual(bundles);
    expect(plan.owners.length).toBe(2);
  });

  it('is owned in nothing but policy and bundle, so that entries can go', () => {
    const { owners } = planWebhookTakeover(injector([entry('a', FORMER), entry('gone', FORMER)]), DESIRED, REACHED);
    expect(owners.map(({ manager, fieldsV1 }) => [manager, fieldsV1])).toEqual([
      ['sailwright-failure-policy', { 'f:webhooks': { 'k:{"name":"a"}': { 'f:failurePolicy': {} } } }],
      ['sailwright-adopt', { 'f:webhooks': { 'k:{"name":"a"}': { 'f:clientConfig': { 'f:caBundle': {} } } } }],
    ]);
  });
});

it.each([
  [true, [], ['sailwright-failure-policy', 'sailwright-adopt']],
  [false, [0], ['sailwright-adopt']],
])('binds on at once only where the API server reaches us: %s', (isReached, policies, managers) => {
  const live = injector([entry('a', FORMER), entry('b', FORMER, 'Ignore'), entry('gone', FORMER)]);
  const { owners, bundles, lenient } = planWebhookTakeover(live, DESIRED, { bundle: OURS, isReached });
  expect([...bundles.keys()]).toEqual([0, 1]);
  expect(lenient).toEqual(policies);
  expect(owners.map(({ manager }) => manager)).toEqual(managers);
});

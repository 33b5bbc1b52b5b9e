import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../kube-object.ts';
import { planWebhookTakeover } from './webhook-takeover.ts';

const FORMER = btoa('former\n');
const OURS = btoa('ours\n');
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
    ['goes on letting pass what it let pass', [entry('a', FORMER, 'Ignore')], []],
  ];
  it.each(cases)('%s', (_title, live, bundles) => {
    const plan = planWebhookTakeover(injector(live), DESIRED, OURS);
    expect([...plan.bundles]).toEqual(bundles);
    expect(plan.owners.length).toBe(bundles.length === 0 ? 0 : 2);
  });

  it('is owned in nothing but policy and bundle, so that entries can go', () => {
    const { owners } = planWebhookTakeover(injector([entry('a', FORMER), entry('gone', FORMER)]), DESIRED, OURS);
    expect(owners.map(({ manager, fieldsV1 }) => [manager, fieldsV1])).toEqual([
      ['sailwright-failure-policy', { 'f:webhooks': { 'k:{"name":"a"}': { 'f:failurePolicy': {} } } }],
      ['sailwright-adopt', { 'f:webhooks': { 'k:{"name":"a"}': { 'f:clientConfig': { 'f:caBundle': {} } } } }],
    ]);
  });
});

it('webhooks of validation trust both servers, and bind nobody until we are proven', () => {
  const validation = (webhooks: object[]): KubeObject => ({
    ...injector(webhooks),
    kind: 'ValidatingWebhookConfiguration',
  });
  const live = validation([entry('a', FORMER), entry('b', FORMER, 'Ignore'), entry('gone', FORMER)]);
  const { owners, bundles, lenient } = planWebhookTakeover(live, validation([entry('a'), entry('b')]), OURS);
  expect([...bundles.keys()]).toEqual([0, 1]);
  expect(lenient).toEqual([0]);
  expect(owners.map(({ manager }) => manager)).toEqual(['sailwright-adopt']);
});

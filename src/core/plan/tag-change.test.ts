import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../kube-object.ts';
import { listTags, planTagMove, planTagRemoval, planTagRollback, type TagPlan, type TagWorld } from './tag-change.ts';

const iop = (name: string, values: object, more: { spec?: object; manager?: string } = {}): KubeObject => {
  const managedFields = more.manager === undefined ? [] : [{ manager: more.manager, fieldsV1: { 'f:spec': {} } }];
  const metadata = { name, namespace: 'sys', managedFields };
  return { apiVersion: 'v1', kind: 'IstioOperator', metadata, spec: { values, ...more.spec } };
};
const hook = (tag: string, revision: string, previous?: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'MutatingWebhookConfiguration',
  metadata: {
    name: tag,
    labels: { 'istio.io/tag': tag, 'istio.io/rev': revision },
    annotations: previous === undefined ? {} : { 'sailwright.dev/previous-revision': previous },
  },
});
const worldOf = (resources: KubeObject[], webhooks: KubeObject[] = []): TagWorld => ({
  resources,
  webhooks,
  namespaces: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'apps', labels: { 'istio.io/rev': 'prod' } } }],
});
const told = (plan: TagPlan): string[] | string =>
  'problem' in plan
    ? plan.problem
    : plan.steps.map(({ resource, after }) => `${resource.metadata.name}: ${after.join(' ')}`);

const blue = iop('a', { revision: 'blue', revisionTags: ['prod', 'old'] });
const green = iop('b', { revisionTags: ['next'] }, { spec: { revision: 'green' } });
const plain = iop('c', {});
const WORLD = worldOf([blue, green, plain], [hook('prod', 'blue', 'green'), hook('next', 'green')]);

describe('a tag', () => {
  it.each<[string, string, string, string[] | string]>([
    ['is given before it is taken', 'prod', 'green', ['b: next prod', 'a: old']],
    ['is new', 'fresh', 'blue', ['a: prod old fresh']],
    ['is as it should be', 'prod', 'blue', []],
    ['may lead to the control plane without a revision', 'prod', 'default', ['c: prod', 'a: old']],
    ['has no such revision', 'prod', 'red', 'no IstioOperator has revision red; there is blue, default, green'],
    ['is what a control plane without a revision is anyway', 'default', 'default', 'a control plane without'],
  ])('%s', (_what, tag, revision, expected) => {
    const found = told(planTagMove(WORLD, tag, revision));
    if (typeof expected === 'string') expect(found).toContain(expected);
    else expect(found).toEqual(expected);
  });

  it('of a revision that two have is nobody to give', () => {
    const twice = worldOf([blue, iop('d', { revision: 'blue' })]);
    expect(told(planTagMove(twice, 'prod', 'blue'))).toContain('sys/a and sys/d both have revision blue');
  });

  it('is not given to gateways that have a resource of their own', () => {
    const gateways = [iop('e', {}, { spec: { profile: 'empty' } })];
    const without = iop('f', { revision: 'blue' }, { spec: { components: { pilot: { enabled: false } } } });
    const world = worldOf([...gateways, without, blue, plain]);
    expect(told(planTagMove(world, 'prod', 'default'))).toEqual(['c: prod', 'a: old']);
    expect(told(planTagMove(world, 'fresh', 'blue'))).toEqual(['a: prod old fresh']);
    expect(told(planTagMove(worldOf(gateways), 'prod', 'default'))).toBe('no IstioOperator has revision default');
  });

  it.each([
    ['leads back', 'prod', ['b: next prod', 'a: old']],
    ['never led anywhere else', 'next', 'tag next has led to no other revision than green yet'],
    ['is not there', 'gone', 'tag gone is not there; there is next, old, prod'],
  ])('that %s', (_what, tag, expected) => {
    expect(told(planTagRollback(WORLD, tag))).toEqual(expected);
  });

  it('is taken from all that have it', () => {
    const world = worldOf([blue, iop('d', { revision: 'red', revisionTags: ['prod'] })]);
    expect(told(planTagRemoval(world, 'prod'))).toEqual(['a: old', 'd: ']);
    expect(told(planTagRemoval(world, 'gone'))).toContain('no IstioOperator has tag gone');
  });
});

it.each([
  ['kustomize-controller', 'kustomize-controller'],
  ['argocd-controller', 'argocd-controller'],
  ['kubectl-edit', undefined],
])('a resource that %s writes is kept by %s', (manager, keeper) => {
  const plan = planTagMove(worldOf([iop('a', { revision: 'blue' }, { manager })]), 'prod', 'blue');
  expect('steps' in plan && plan.steps[0]?.keeper).toBe(keeper);
});

it('all tags are listed, those that are not made yet too', () => {
  expect(listTags(WORLD)).toEqual([
    { tag: 'next', revision: 'green', owners: ['sys/b'], namespaces: 0 },
    { tag: 'old', owners: ['sys/a'], namespaces: 0 },
    { tag: 'prod', revision: 'blue', previous: 'green', owners: ['sys/a'], namespaces: 1 },
  ]);
});

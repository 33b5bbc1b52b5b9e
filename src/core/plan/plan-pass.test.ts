import { expect, it } from 'vitest';
import { objectKey, refOf, type KubeObject } from '../kube-object.ts';
import { finish } from '../pausable.ts';
import { withOwnerLabels, type Owner } from './owner-labels.ts';
import type { DesiredObject } from './desired.ts';
import type { LiveRead } from './plan-input.ts';
import {
  describeKept,
  findKept,
  holdBack,
  planPass,
  settleRefusals,
  withoutUsed,
  type Observed,
  type PassSubject,
} from './plan-pass.ts';

const OWNER: Owner = { name: 'mesh', namespace: 'ops' };

function desiredObject(kind: string, name: string, more: object = {}): DesiredObject {
  const object: KubeObject = { apiVersion: 'v1', kind, metadata: { name }, ...more };
  const ref = refOf(object);
  const parts = { component: 'Pilot', instance: 'istiod', phase: 2, hash: 'h', createOnly: false } as const;
  return { key: objectKey(ref), ref, object, ...parts };
}

const subject = (desired: DesiredObject[], annotations: Record<string, string> = {}): PassSubject => ({
  owner: OWNER,
  desired,
  inventory: [],
  resource: { metadata: { ...OWNER, annotations } },
});
function observed(live: Record<string, LiveRead> = {}, injectors?: KubeObject[]): Observed {
  return {
    live: new Map(Object.entries(live)),
    owned: new Map(),
    others: [],
    gaps: new Map(),
    failures: [],
    injectors,
  };
}

const service = desiredObject('Service', 'istiod');
const absent = { [service.key]: { state: 'absent' as const } };
const found = (metadata: object): Record<string, LiveRead> => ({
  [service.key]: { state: 'found', object: { ...service.object, metadata: { name: 'istiod', uid: 'u', ...metadata } } },
});

it('makes what is absent, and holds nothing back', () => {
  const pass = finish(planPass(subject([service]), observed(absent, [])));
  expect(pass.plan.create).toEqual([service]);
  expect(pass).not.toHaveProperty('hold');
});

it('holds back what another installer has, until that is agreed to', () => {
  const live = observed(found({ labels: { 'app.kubernetes.io/part-of': 'istio' } }), []);
  expect(finish(planPass(subject([service]), live)).hold).toMatchObject({ reason: 'AdoptionRequired' });
  expect(finish(planPass(subject([service], { 'sailwright.dev/adopt': 'approve' }), live))).not.toHaveProperty('hold');
});

it('keeps from what annotations keep it from, and takes nothing over that is paused', () => {
  const paused = subject([service], { 'sailwright.dev/pause': 'Service/istiod,Service/other' });
  const { plan, unclear } = finish(planPass(paused, observed(absent, [])));
  expect([plan.create, plan.left.map(({ why }) => why)]).toEqual([[], ['paused']]);
  expect(unclear[0]).toContain('Service/other');
  const foreign = observed(found({ labels: { 'app.kubernetes.io/part-of': 'istio' } }), []);
  expect(finish(planPass(paused, foreign))).not.toHaveProperty('hold');
});

it('withholds a webhook for the injector that it would meet, and none while that is not known', () => {
  const rules = [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }];
  const webhooks = [{ name: 'sidecar-injector.istio.io', rules, clientConfig: { service: { path: '/inject' } } }];
  const ours = desiredObject('MutatingWebhookConfiguration', 'ours', { webhooks });
  const theirs = { ...ours.object, metadata: { name: 'theirs' } };
  const reads = { [ours.key]: { state: 'absent' as const } };
  const plan = (injectors?: KubeObject[]): { created: number; blocked: number; isKnown: boolean } => {
    const { plan: planned, conflicts } = finish(planPass(subject([ours]), observed(reads, injectors)));
    return { created: planned.create.length, blocked: planned.blocked.length, isKnown: conflicts !== undefined };
  };
  expect(plan([theirs])).toEqual({ created: 0, blocked: 1, isKnown: true });
  expect(plan([])).toEqual({ created: 1, blocked: 0, isKnown: true });
  expect(plan(undefined)).toEqual({ created: 1, blocked: 0, isKnown: false });
});

it('makes anew what is refused and named, and holds back all else that is refused', () => {
  const labelled = withOwnerLabels(service.object, { owner: OWNER, component: 'Pilot', revision: '' });
  const managedFields = [{ manager: 'sailwright', operation: 'Apply', fieldsV1: {} }];
  const live = found({ labels: labelled.metadata.labels, managedFields });
  const world = observed(live, []);
  const refused = [{ ref: service.ref, isImmutable: true, cause: 'spec.type: field is immutable' }];
  const settle = (annotations: Record<string, string>): ReturnType<typeof settleRefusals> => {
    const about = subject([service], annotations);
    return settleRefusals(finish(planPass(about, world)), refused, { subject: about, live: world.live });
  };
  const held = settle({});
  expect(held.hold).toMatchObject({ reason: 'ChangeRefused' });
  expect(held.hold?.message).toContain('Service istiod: spec.type: field is immutable');
  expect(held.plan.apply).toHaveLength(1);
  const renewed = settle({ 'sailwright.dev/recreate': 'Service/istiod' });
  expect(renewed).not.toHaveProperty('hold');
  expect([renewed.plan.apply.length, renewed.plan.recreate.length]).toEqual([0, 1]);
  expect(holdBack(renewed, refused, subject([service]).resource).hold).toEqual(held.hold);
});

const entry = (component: string): Parameters<typeof withoutUsed>[0][number] => ({ ...service, uid: 'u', component });

it('keeps what a component had while a workload of it does not run', () => {
  const prune = [entry('Pilot'), entry('IngressGateways')];
  expect(findKept(prune, new Set())).toEqual([]);
  expect(findKept(prune, new Set(['IngressGateways', 'Cni']))).toEqual([prune[1]]);
  expect(describeKept([entry('Pilot')])).toBe(
    'what is rendered no more stays until it runs, or until you delete it: Service istiod',
  );
});

it('keeps a control plane that is used as a whole', () => {
  const prune = [entry('Pilot'), entry('IngressGateways')];
  expect(withoutUsed(prune, '')).toEqual(prune);
  expect(withoutUsed(prune, 'revision a is in use')).toEqual([prune[1]]);
});

it("lets a tag of istioctl's go where the plain injector, which it stands in for, becomes ours", () => {
  const rules = [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }];
  const service = { name: 'istiod', namespace: 'istio-system', path: '/inject' };
  const webhooks = [{ name: 'namespace.sidecar-injector.istio.io', rules, clientConfig: { service } }];
  const labels = { app: 'sidecar-injector', 'istio.io/rev': 'default', release: 'istio' };
  const kind = 'MutatingWebhookConfiguration';
  const plain = desiredObject(kind, 'istio-sidecar-injector', { webhooks });
  const ours = { ...plain, object: { ...plain.object, metadata: { ...plain.object.metadata, labels } } };
  const tag = (revision: string): KubeObject => ({
    apiVersion: 'v1',
    kind,
    metadata: {
      name: 'istio-revision-tag-default',
      uid: 't',
      labels: { ...labels, 'istio.io/rev': revision, 'istio.io/tag': 'default' },
    },
    webhooks,
  });
  // What the former server reads has the same name.
  const config = desiredObject('ConfigMap', ours.ref.name);
  const live = { [ours.key]: { state: 'found' as const, object: ours.object } };
  const planned = (injector: KubeObject, adopt?: string): { replaced: string[]; conflicts: number | undefined } => {
    const annotations = adopt === undefined ? {} : { 'sailwright.dev/adopt': adopt };
    const { plan, conflicts } = finish(planPass(subject([config, ours], annotations), observed(live, [injector])));
    return { replaced: plan.replaced.map(({ ref, by }) => `${ref.name} by ${by}`), conflicts: conflicts?.length };
  };
  const replaced = [`istio-revision-tag-default by ${ours.key}`];
  expect(planned(tag('default'), 'approve')).toEqual({ replaced, conflicts: 0 });
  expect(planned(tag('default'))).toEqual({ replaced: [], conflicts: 1 });
  expect(planned(tag('canary'), 'approve')).toEqual({ replaced: [], conflicts: 1 });
});

import { describe, expect, it } from 'vitest';
import { DEFAULT_VERSION } from '../istio/registry.ts';
import type { KubeObject } from '../kube-object.ts';
import { objectKey, refOf } from '../kube-object.ts';
import type { Rendered } from '../render/index.ts';
import { canonicalJson } from '../canonical-json.ts';
import { finish } from '../pausable.ts';
import { computeDesired, type DesiredObject } from './desired.ts';
import type { FieldsV1, ManagedFieldsEntry } from './field-ownership.ts';
import { keeperOf } from './kept-labels.ts';
import { findUnapproved, planObjects, type Plan } from './plan-objects.ts';
import type { LiveRead, OtherOwner, PlanInput } from './plan-input.ts';

const OWNER = { name: 'mesh', namespace: 'ops' };
const digest = (text: string): string => String(text.length) + text.slice(-20);

const configMap = (name: string, data: Record<string, string> = { a: '1' }): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'istio-system', labels: { app: 'istiod' } },
  data,
});

function desiredOf(objects: KubeObject[], component: 'Base' | 'Pilot' = 'Pilot', owner = OWNER): DesiredObject[] {
  const rendered: Rendered = {
    components: [{ component, instance: 'x', namespace: 'istio-system', objects }],
    release: DEFAULT_VERSION.defaultTag,
    revision: '',
    istioNamespace: 'istio-system',
    values: {},
    reached: [],
    variables: [],
  };
  return finish(computeDesired({ rendered, owner, digest })).filter(({ createOnly }) => !createOnly);
}

function treeOf(value: unknown): FieldsV1 {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [`f:${key}`, treeOf(item)]));
}

/** The object as the API server shows it after we applied it. */
function applied(object: KubeObject, change: (fields: FieldsV1) => void = () => undefined): KubeObject {
  const { name: _, namespace: __, ...metadata } = object.metadata;
  const { apiVersion: ___, kind: ____, ...rest } = object;
  const fieldsV1 = treeOf({ ...rest, metadata });
  change(fieldsV1);
  const entry: ManagedFieldsEntry = { manager: 'sailwright', operation: 'Apply', fieldsV1 };
  return { ...object, metadata: { ...object.metadata, uid: `uid-${object.metadata.name}`, managedFields: [entry] } };
}

function plan(input: Partial<PlanInput> & { live?: ReadonlyMap<string, LiveRead>; objects?: KubeObject[] }): Plan {
  const { objects = [], ...rest } = input;
  const live =
    rest.live ?? new Map(objects.map((object): [string, LiveRead] => [objectKey(refOf(object)), found(object)]));
  const owned = new Map(objects.map((object) => [objectKey(refOf(object)), object]));
  const all = {
    desired: [],
    owned,
    owner: OWNER,
    others: [],
    gaps: new Map(),
    isAdoptionApproved: false,
    ...rest,
    live,
  };
  return finish(planObjects(all));
}

const found = (object: KubeObject): LiveRead => ({ state: 'found', object });
const only = (objects: DesiredObject[]): DesiredObject => {
  const [first] = objects;
  if (!first || objects.length > 1) throw new Error(`expected one object, got ${objects.length}`);
  return first;
};
const sizes = (result: Plan): Record<string, number> => {
  const lists = Object.entries(result) as [string, readonly unknown[]][];
  return Object.fromEntries(lists.map(([name, list]) => [name, list.length] as const).filter(([, size]) => size > 0));
};

describe('planObjects', () => {
  it('creates what is absent and leaves what is as applied', () => {
    const desired = desiredOf([configMap('a'), configMap('b')]);
    const [a] = desired;
    const live = new Map<string, LiveRead>(desired.map(({ key }) => [key, { state: 'absent' }]));
    expect(sizes(plan({ desired, live }))).toEqual({ create: 2 });
    if (a) live.set(a.key, found(applied(a.object)));
    expect(sizes(plan({ desired, live }))).toEqual({ create: 1, unchanged: 1 });
  });

  it('is empty for its own result', () => {
    const desired = desiredOf([configMap('a'), configMap('b')]);
    const objects = desired.map(({ object }) => applied(object));
    expect(sizes(plan({ desired, objects }))).toEqual({ unchanged: 2 });
  });

  it('applies what is rendered differently', () => {
    const before = only(desiredOf([configMap('a')]));
    const desired = desiredOf([configMap('a', { a: '2222' })]);
    const result = plan({ desired, objects: [applied(before.object)] });
    expect(sizes(result)).toEqual({ apply: 1 });
    expect(result.apply[0]?.drift).toBeUndefined();
  });

  it('repairs a field that another manager took, and names both', () => {
    const desired = desiredOf([configMap('a')]);
    const live = applied(only(desired).object, (fields) => delete fields['f:data']);
    (live.metadata['managedFields'] as ManagedFieldsEntry[]).push({
      manager: 'kubectl-edit',
      operation: 'Update',
      fieldsV1: { 'f:data': { 'f:a': {} } },
    });
    const result = plan({ desired, objects: [live] });
    expect(result.apply[0]?.drift).toEqual({ fields: ['.data'], managers: ['kubectl-edit'] });
    expect(result.apply[0]?.force).toBe(true);
  });

  it('does not try again what an apply of the same object did not get hold of', () => {
    const desired = desiredOf([configMap('a')]);
    const { key, hash, object } = only(desired);
    const live = applied(object, (fields) => delete fields['f:data']);
    const gaps = new Map([[key, { hash, paths: new Set(['.data']) }]]);
    expect(sizes(plan({ desired, objects: [live], gaps }))).toEqual({ unchanged: 1 });
    gaps.set(key, { hash: 'another', paths: new Set(['.data']) });
    expect(sizes(plan({ desired, objects: [live], gaps }))).toEqual({ apply: 1 });
  });

  it('does nothing about what could not be read', () => {
    const desired = desiredOf([configMap('a')]);
    const live = new Map<string, LiveRead>([[only(desired).key, { state: 'failed', cause: 'timeout' }]]);
    expect(plan({ desired, live }).blocked).toMatchObject([{ cause: 'timeout', why: 'read' }]);
  });

  it('takes over with force only what an installer of Istio made', () => {
    const desired = desiredOf([configMap('a')]);
    const bare = configMap('a');
    expect(plan({ desired, objects: [bare] }).adopt[0]?.force).toBe(false);
    const former = { ...bare, metadata: { ...bare.metadata, labels: { release: 'istio' } } };
    expect(plan({ desired, objects: [former] }).adopt[0]?.force).toBe(true);
  });
});

describe("another installer's object", () => {
  const theirs = (labels: Record<string, string>): KubeObject => {
    const object = configMap('a');
    return { ...object, metadata: { ...object.metadata, uid: 'theirs', labels } };
  };
  const installed = theirs({ 'operator.istio.io/component': 'Pilot' });
  const restored = theirs(only(desiredOf([configMap('a')])).object.metadata.labels ?? {});
  const ofAnother = theirs(
    only(desiredOf([configMap('a')], 'Pilot', { name: 'b', namespace: 'c' })).object.metadata.labels ?? {},
  );
  const unapproved = (result: Plan): (string | undefined)[] => result.adopt.map(({ unapprovedOf }) => unapprovedOf);

  it.each<[title: string, live: KubeObject, isAdoptionApproved: boolean, expected: (string | undefined)[]]>([
    ['needs consent', installed, false, ['istioctl']],
    ['is taken over with consent', installed, true, [undefined]],
    ['needs none when a backup put back what was ours', restored, false, [undefined]],
    ['needs it when the labels name another resource', ofAnother, false, ['IstioOperator c/b of another operator']],
    ['needs none when it carries no mark of an installer', configMap('a'), false, [undefined]],
  ])('%s', (_title, live, isAdoptionApproved, expected) => {
    const result = plan({ desired: desiredOf([configMap('a')]), objects: [live], isAdoptionApproved });
    expect(unapproved(result)).toEqual(expected);
    expect(findUnapproved(result)).toHaveLength(expected[0] === undefined ? 0 : 1);
  });

  it('stays with it when all revisions share it, and is taken over with consent', () => {
    const desired = desiredOf([configMap('a')], 'Base');
    expect(sizes(plan({ desired, objects: [installed] }))).toEqual({ shared: 1 });
    expect(sizes(plan({ desired, objects: [installed], isAdoptionApproved: true }))).toEqual({ adopt: 1 });
  });
});

describe('two IstioOperators that render the same object', () => {
  const theirs = { name: 'first', namespace: 'ops' };
  const other = (older: boolean, claims: string[]): OtherOwner => ({
    owner: theirs,
    older,
    claims: new Set(claims),
    isUnclear: false,
  });
  const cases: [title: string, component: 'Base' | 'Pilot', older: boolean, claimed: boolean, result: object][] = [
    ['the older keeps base objects', 'Base', true, true, { shared: 1 }],
    ['the older keeps others, and the younger is told', 'Pilot', true, true, { blocked: 1 }],
    ['the younger gives way', 'Pilot', false, true, { apply: 1 }],
    ['what the older renders no more is free', 'Base', true, false, { apply: 1 }],
  ];
  it.each(cases)('%s', (...[, component, older, claimed, result]) => {
    const live = applied(only(desiredOf([configMap('a')], component, theirs)).object);
    const desired = desiredOf([configMap('a')], component);
    const others = [other(older, claimed ? [only(desired).key] : [])];
    expect(sizes(plan({ desired, live: new Map([[only(desired).key, found(live)]]), others }))).toEqual(result);
  });
});

describe('pruning', () => {
  const stale = applied(only(desiredOf([configMap('old')])).object);
  const cases: [title: string, object: KubeObject, others: OtherOwner[], pruned: number][] = [
    ['removes what is rendered no more', stale, [], 1],
    [
      "leaves a user's copy: its labels are ours, its fields are not",
      { ...stale, metadata: { ...stale.metadata, managedFields: [] } },
      [],
      0,
    ],
    [
      'leaves what another resource owns',
      applied(only(desiredOf([configMap('old')], 'Pilot', { name: 'x', namespace: 'y' })).object),
      [],
      0,
    ],
    [
      'leaves what is labelled to stay',
      {
        ...stale,
        metadata: {
          ...stale.metadata,
          labels: { ...stale.metadata.labels, 'install.operator.istio.io/owning-resource-not-pruned': 'true' },
        },
      },
      [],
      0,
    ],
    ['leaves CRDs', { ...stale, kind: 'CustomResourceDefinition' }, [], 0],
    ['leaves namespaces', { ...stale, kind: 'Namespace' }, [], 0],
    [
      'leaves what another resource renders, too',
      stale,
      [
        {
          owner: { name: 'x', namespace: 'y' },
          older: false,
          claims: new Set([objectKey(refOf(stale))]),
          isUnclear: false,
        },
      ],
      0,
    ],
  ];
  it.each(cases)('%s', (_title, object, others, pruned) => {
    expect(plan({ objects: [object], others, live: new Map() }).prune).toHaveLength(pruned);
  });
});

describe('canonicalJson', () => {
  it('does not depend on the order of keys', () => {
    expect(canonicalJson({ b: 1, a: [{ d: 2, c: undefined }] })).toBe(canonicalJson({ a: [{ d: 2 }], b: 1 }));
  });
});

describe('former pods of a Deployment that is made anew', () => {
  const labels = { ...only(desiredOf([configMap('x')])).object.metadata.labels };
  const annotations = { 'sailwright.dev/outgoing-of': 'gateway' };
  const replicaSet = (controller?: string): KubeObject => ({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: 'gateway-5d4',
      namespace: 'istio-system',
      labels,
      annotations,
      ...(controller === undefined ? {} : { ownerReferences: [{ uid: controller, controller: true }] }),
    },
  });
  const deployment = (deletionTimestamp?: string): KubeObject => {
    const object = applied({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'gateway', namespace: 'istio-system', labels },
    });
    return { ...object, metadata: { ...object.metadata, ...(deletionTimestamp ? { deletionTimestamp } : {}) } };
  };

  it.each<[title: string, objects: KubeObject[], isOutgoing: boolean]>([
    ['are to be removed', [applied(replicaSet())], true],
    [
      'are so while the former one has not let go of them',
      [applied(replicaSet('uid-gateway')), deployment('now')],
      true,
    ],
    ['are not when a Deployment took them back', [applied(replicaSet('uid-gateway')), deployment()], false],
  ])('%s', (_title, objects, isOutgoing) => {
    const desired = desiredOf([deployment()]).filter(({ ref }) => ref.kind === 'Deployment');
    const result = plan({ desired, objects });
    expect(result.prune.map(({ ref }) => ref.kind)).toEqual(isOutgoing ? ['ReplicaSet'] : []);
    expect(result.outgoing).toHaveLength(isOutgoing ? 1 : 0);
  });
});

describe('a pod template of another installer', () => {
  const workload = (labels: object, image = 'a:1'): KubeObject => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'gw', namespace: 'istio-system', labels: { release: 'istio' } },
    spec: { template: { metadata: { labels }, spec: { nodeName: image } } },
  });
  const HELM = { app: 'gw', 'app.kubernetes.io/managed-by': 'Helm' };
  const OURS = { app: 'gw', 'app.kubernetes.io/managed-by': 'sailwright' };
  const KEPT = {
    'f:spec': { 'f:template': { 'f:metadata': { 'f:labels': { 'f:app.kubernetes.io/managed-by': {} } } } },
  };
  const labelsIn = (object: KubeObject | undefined): unknown =>
    (object?.['spec'] as { template: { metadata: { labels: unknown } } } | undefined)?.template.metadata.labels;
  const helms = (image?: string): KubeObject => {
    const live = applied(workload(HELM, image));
    const entries = live.metadata['managedFields'] as ManagedFieldsEntry[];
    return {
      ...live,
      metadata: { ...live.metadata, managedFields: entries.map((entry) => ({ ...entry, manager: 'helm' })) },
    };
  };
  /** As stored after it was adopted. */
  const adopted = (desired: DesiredObject, image?: string): KubeObject => {
    const live = applied({ ...desired.object, spec: workload({ app: 'gw' }, image)['spec'] });
    const keeper = keeperOf(KEPT, 'apps/v1');
    const managedFields = [...(live.metadata['managedFields'] as unknown[]), keeper];
    return { ...live, spec: workload(HELM, image)['spec'], metadata: { ...live.metadata, managedFields } };
  };

  it('keeps the labels that tell of the installer, unless the pods restart anyway', () => {
    const desired = desiredOf([workload(OURS)]);
    const [kept] = plan({ desired, objects: [helms()], isAdoptionApproved: true }).adopt;
    expect([kept?.kept, labelsIn(kept?.object)]).toEqual([KEPT, { app: 'gw' }]);
    const [changed] = plan({ desired, objects: [helms('a:0')], isAdoptionApproved: true }).adopt;
    expect([changed?.kept, labelsIn(changed?.object)]).toEqual([{}, OURS]);
    const restarts = (image?: string): unknown =>
      findUnapproved(plan({ desired, objects: [helms(image)] }))[0]?.restarts;
    expect([restarts(), restarts('a:0')]).toEqual([false, true]);
  });

  it('is unchanged afterwards, and gets our labels with the next change of the pods', () => {
    const desired = desiredOf([workload(OURS)]);
    expect(sizes(plan({ desired, objects: [adopted(only(desired))] }))).toEqual({ unchanged: 1 });
    const [step] = plan({ desired: desiredOf([workload(OURS, 'a:2')]), objects: [adopted(only(desired))] }).apply;
    expect([step?.unkept?.metadata.name, labelsIn(step?.object)]).toEqual(['gw', OURS]);
  });

  it('keeps them through a change of anything else', () => {
    const [desired] = desiredOf([workload(OURS)]);
    if (!desired) throw new Error('nothing is desired');
    const more = { ...workload(OURS), metadata: { ...workload(OURS).metadata, annotations: { a: 'b' } } };
    const [step] = plan({ desired: desiredOf([more]), objects: [adopted(desired)] }).apply;
    expect([step?.unkept, labelsIn(step?.object)]).toEqual([undefined, { app: 'gw' }]);
  });
});

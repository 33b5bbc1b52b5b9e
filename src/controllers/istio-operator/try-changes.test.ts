import { expect, it, vi } from 'vitest';
import { FakeKubeApi, refused, unreachable, type FakeCall } from '../../../test/builders/fake-kube-api.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { refOf, objectKey } from '../../core/kube-object.ts';
import type { DesiredObject } from '../../core/plan/desired.ts';
import { emptyPlan, type Plan } from '../../core/plan/plan-objects.ts';
import { createMemory, type Scope } from './dependencies.ts';
import { tryChanges } from './try-changes.ts';

interface World {
  scope: Scope;
  api: FakeKubeApi;
  tried: string[];
  answer: (call: FakeCall) => Error | undefined;
  now: number;
}

function createWorld(): World {
  const api = new FakeKubeApi();
  const world: World = { api, tried: [], answer: () => undefined, now: 0, scope: undefined as never };
  api.fault = (call) => {
    world.tried.push(`${call.verb} ${call.name}`);
    return world.answer(call);
  };
  world.scope = {
    deps: { api, now: () => world.now },
    memory: createMemory(() => world.now),
    signal: new AbortController().signal,
    uid: 'u',
    generation: 1,
    status: {},
    resource: { apiVersion: 'v1', kind: 'IstioOperator', metadata: { name: 'mesh', annotations: {} } },
  } as unknown as Scope;
  return world;
}

function desired(name: string, hash = '1'): DesiredObject {
  const object: KubeObject = { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'istio-system' } };
  const ref = refOf(object);
  const key = objectKey(ref);
  return { key, ref, component: 'Pilot', instance: 'istiod', phase: 2, hash, object, createOnly: false };
}

function plan(parts: { create?: DesiredObject[]; apply?: DesiredObject[]; repair?: DesiredObject[] }): Plan {
  const step = (one: DesiredObject): Plan['apply'][number] => ({ desired: one, object: one.object, force: true });
  const drift = { fields: ['.spec'], managers: ['x'] };
  const apply = [...(parts.apply ?? []).map(step), ...(parts.repair ?? []).map((one) => ({ ...step(one), drift }))];
  return { ...emptyPlan(), create: parts.create ?? [], apply };
}

it('tries what changes by dry run, and writes nothing', async () => {
  const { scope, api, tried } = createWorld();
  await tryChanges(scope, plan({ create: [desired('a')], apply: [desired('b')], repair: [desired('c')] }));
  expect(tried.sort()).toEqual(['apply a', 'apply b']);
  expect(api.writes).toEqual([]);
});

it('asks nothing when there is nothing but repairs, of fields and of deletions', async () => {
  const { scope, tried } = createWorld();
  scope.status = {
    inventory: [
      { apiVersion: 'v1', kind: 'Service', namespace: 'istio-system', name: 'a', component: 'Pilot', uid: '1' },
    ],
  };
  await tryChanges(scope, plan({ create: [desired('a')], repair: [desired('c')] }));
  expect(tried).toEqual([]);
});

it('tries each write once, however many passes it takes, and again when it becomes another one', async () => {
  const { scope, tried } = createWorld();
  await tryChanges(scope, plan({ create: [desired('a'), desired('b')] }));
  await tryChanges(scope, plan({ create: [desired('b')] }));
  expect(tried.sort()).toEqual(['apply a', 'apply b']);
  await tryChanges(scope, plan({ create: [desired('b', '2')] }));
  expect(tried).toHaveLength(3);
});

it('names what is refused, and asks again after a while or when the resource changed', async () => {
  const world = createWorld();
  const { scope, tried } = world;
  world.answer = ({ name }) => (name === 'a' ? refused(422, 'Invalid') : undefined);
  const change = plan({ create: [desired('a'), desired('b')] });
  const names = async (): Promise<string[]> => (await tryChanges(scope, change)).map(({ ref }) => ref.name);
  expect(await names()).toEqual(['a']);
  expect(await names()).toEqual(['a']);
  expect(tried).toHaveLength(2);
  world.now = 60_000;
  expect(await names()).toEqual(['a']);
  scope.resource.metadata.annotations = { touched: '1' };
  world.answer = () => undefined;
  expect(await names()).toEqual([]);
  expect(tried).toEqual(['apply a', 'apply b', 'apply a', 'apply a']);
});

it.each([
  ['the API server cannot be reached', unreachable()],
  ['it has too much to do', refused(429, 'TooManyRequests')],
  ['a webhook does not answer', refused(500, 'InternalError')],
])('breaks the pass off before anything is written when %s, and goes on from there', async (_why, error) => {
  const world = createWorld();
  world.answer = ({ name }) => (name === 'b' ? error : undefined);
  const change = plan({ create: [desired('a'), desired('b')] });
  await expect(tryChanges(world.scope, change)).rejects.toThrow('Service istio-system/b');
  world.answer = () => undefined;
  await tryChanges(world.scope, change);
  expect(world.tried).toEqual(['apply a', 'apply b', 'apply b']);
});

it('takes what this very pass still has to make for no refusal', async () => {
  const world = createWorld();
  world.answer = () => refused(404, 'NotFound');
  expect(await tryChanges(world.scope, plan({ create: [desired('a')] }))).toEqual([]);
});

it('judges no binding by the rights of a role that the same change writes before it', async () => {
  const world = createWorld();
  world.answer = ({ name }) => (name === 'bound' ? refused(403, 'Forbidden') : undefined);
  const of = (kind: string, name: string, more: object = {}): DesiredObject => {
    const object: KubeObject = { apiVersion: 'rbac.authorization.k8s.io/v1', kind, metadata: { name }, ...more };
    const ref = refOf(object);
    return { ...desired(name), key: objectKey(ref), ref, object };
  };
  const binding = of('ClusterRoleBinding', 'bound', { roleRef: { kind: 'ClusterRole', name: 'role' } });
  expect(await tryChanges(world.scope, plan({ apply: [binding, of('ClusterRole', 'role')] }))).toEqual([]);
  const alone = createWorld();
  alone.answer = world.answer;
  expect(await tryChanges(alone.scope, plan({ apply: [binding, of('ClusterRole', 'another')] }))).toHaveLength(1);
});

it.each([
  ['as its former installer, whose fields go', ['helm'], 'Apply', true, 'helm'],
  ['as ours where the installer does not apply', ['helm'], 'Update', true, 'sailwright'],
  ['as ours where there were two', ['helm', 'istioctl'], 'Apply', true, 'sailwright'],
  ['as who applies it, whoever else changed it', ['helm', '-istioctl'], 'Apply', true, 'helm'],
  ['as ours where nothing is taken over by force', ['helm'], 'Apply', false, 'sailwright'],
])('tries what is taken over %s', async (_, formerly, operation, force, manager) => {
  const world = createWorld();
  const one = desired('taken');
  const managedFields = formerly.map((name) => ({
    manager: name,
    operation: name.startsWith('-') ? 'Update' : operation,
    fieldsV1: {},
  }));
  const live = { ...one.object, metadata: { ...one.object.metadata, managedFields } };
  const apply = vi.spyOn(world.api, 'apply');
  const adopt = [{ desired: one, object: one.object, live, force, formerly, kept: {} }];
  await tryChanges(world.scope, { ...plan({}), adopt });
  expect(apply.mock.calls.map(([, options]) => options)).toEqual([{ fieldManager: manager, force, dryRun: true }]);
});

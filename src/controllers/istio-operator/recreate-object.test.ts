import { expect, it } from 'vitest';
import { FakeKubeApi, refused, unreachable } from '../../../test/builders/fake-kube-api.ts';
import { objectKey, refOf, type KubeObject } from '../../core/kube-object.ts';
import type { DesiredObject } from '../../core/plan/desired.ts';
import type { Plan, RecreateStep } from '../../core/plan/plan-objects.ts';
import type { Scope } from './dependencies.ts';
import { fetchOutgoing, recreateObject, tryRecreation } from './recreate-object.ts';

function create(kind: string): { api: FakeKubeApi; scope: Scope; step: RecreateStep; calls: string[] } {
  const api = new FakeKubeApi();
  const live = api.seed({ apiVersion: 'v1', kind, metadata: { name: 'gateway', namespace: 'istio-system' } });
  const object: KubeObject = { apiVersion: 'v1', kind, metadata: { name: 'gateway', namespace: 'istio-system' } };
  const ref = refOf(object);
  const desired = { key: objectKey(ref), ref, object, component: 'IngressGateways' } as DesiredObject;
  const calls: string[] = [];
  api.fault = ({ verb, kind: of, name }) => void calls.push(`${verb} ${of} ${name ?? ''}`.trim());
  return { api, scope: { deps: { api } } as unknown as Scope, step: { desired, live, cause: '', outgoing: [] }, calls };
}

function replicaSet(name: string, controller: unknown): KubeObject {
  const metadata = { name, namespace: 'istio-system', ownerReferences: [{ uid: controller, controller: true }] };
  return { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata };
}

it('deletes and creates at once what nothing keeps', async () => {
  const { scope, step, calls } = create('Service');
  const made = await recreateObject(scope, step);
  expect(calls).toEqual(['delete Service gateway', 'get Service gateway', 'apply Service gateway']);
  expect(made?.metadata['uid']).not.toBe(step.live.metadata['uid']);
});

it('marks the pods of a Deployment before it is deleted, and leaves its creation to the pass that sees it gone', async () => {
  const { api, scope, step, calls } = create('Deployment');
  const own = api.seed(replicaSet('gateway-5d4', step.live.metadata['uid']));
  expect(await recreateObject(scope, { ...step, outgoing: [own] })).toBeUndefined();
  expect(calls).toEqual(['apply ReplicaSet gateway-5d4', 'delete Deployment gateway', 'get Deployment gateway']);
});

it('waits for one that ends already, without deleting it again', async () => {
  const { scope, step, calls } = create('Service');
  const metadata = { ...step.live.metadata, deletionTimestamp: 'now' };
  expect(await recreateObject(scope, { ...step, live: { ...step.live, metadata } })).toBeUndefined();
  expect(calls).toEqual(['get Service gateway']);
});

it('finds the ReplicaSets that the Deployment controls, and no others', async () => {
  const { api, scope, step } = create('Deployment');
  api.seed(replicaSet('gateway-5d4', step.live.metadata['uid']));
  api.seed(replicaSet('gateway-999', 'another'));
  const plan = await fetchOutgoing(scope, { recreate: [step], outgoing: [] } as unknown as Plan);
  expect(plan.recreate[0]?.outgoing.map(({ metadata }) => metadata.name)).toEqual(['gateway-5d4']);
  expect(plan.outgoing).toHaveLength(1);
});

it.each<[what: string, error: Error | undefined, expected: number | 'throws']>([
  ['accepts', undefined, 0],
  ['refuses', refused(403, 'Forbidden'), 1],
  ['does not answer', unreachable(), 'throws'],
])('tries the new one under another name: the API server %s', async (_what, error, expected) => {
  const { api, scope, step } = create('Service');
  const tried: string[] = [];
  api.fault = ({ name = '' }) => {
    tried.push(name);
    return error;
  };
  const result = tryRecreation(scope, { recreate: [step] } as unknown as Plan);
  if (expected === 'throws') await expect(result).rejects.toThrow('connection refused');
  else expect(await result).toHaveLength(expected);
  expect(tried).toEqual(['gateway-trial']);
  expect(api.writes).toEqual([]);
});

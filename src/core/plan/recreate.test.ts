import { describe, expect, it } from 'vitest';
import { objectKey, type KubeObject, type ObjectRef } from '../kube-object.ts';
import { renameForTrial, propagationOf, splitRecreatable, planRecreation } from './recreate.ts';
import type { ApplyStep, Plan } from './plan-objects.ts';
import type { RefusedChange } from './refused-change.ts';

const ref = (kind: string, name: string, namespace?: string): ObjectRef => ({
  apiVersion: 'v1',
  kind,
  name,
  ...(namespace === undefined ? {} : { namespace }),
});
const refused = (one: ObjectRef, isImmutable = true): RefusedChange => ({ ref: one, isImmutable, cause: 'no' });
const GATEWAY = ref('Deployment', 'gateway', 'istio-system');
const resource = (recreate: string): Pick<KubeObject, 'metadata'> => ({
  metadata: { name: 'mesh', annotations: { 'sailwright.dev/recreate': recreate } },
});

describe('only what the annotation names is made anew', () => {
  it.each<[title: string, change: RefusedChange, annotation: string, isRenewed: boolean]>([
    ['by kind, namespace and name', refused(GATEWAY), 'Deployment/istio-system/gateway', true],
    ['among others, by commas or spaces', refused(GATEWAY), 'Service/a/b, Deployment/istio-system/gateway\nx', true],
    ['without a namespace where there is none', refused(ref('ClusterRoleBinding', 'x')), 'ClusterRoleBinding/x', true],
    ['not of another namespace', refused(GATEWAY), 'Deployment/other/gateway', false],
    ['not all of a kind', refused(GATEWAY), 'Deployment', false],
    ['not what can be changed in place', refused(GATEWAY, false), 'Deployment/istio-system/gateway', false],
    ['never what holds the work of others', refused(ref('Namespace', 'x')), 'Namespace/x', false],
  ])('%s', (_title, change, annotation, isRenewed) => {
    const { renewed, rest } = splitRecreatable([change], resource(annotation));
    expect([renewed.length, rest.length]).toEqual(isRenewed ? [1, 0] : [0, 1]);
  });
});

it('takes the step out of what is applied', () => {
  const live: KubeObject = { apiVersion: 'v1', kind: 'Deployment', metadata: { name: 'gateway' } };
  const key = objectKey(GATEWAY);
  const step = { desired: { key, ref: GATEWAY }, object: live, force: true } as unknown as ApplyStep;
  const other = { ...step, desired: { ...step.desired, key: 'other' } };
  const plan = { apply: [step, other], adopt: [], recreate: [] } as unknown as Plan;
  const result = planRecreation(plan, [refused(GATEWAY)], new Map([[key, { state: 'found', object: live }]]));
  expect(result.apply).toEqual([other]);
  expect(result.recreate).toMatchObject([{ desired: step.desired, live, cause: 'no' }]);
});

it('tries a Service under another name without what only one can hold', () => {
  const service = (spec: object): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'gateway' },
    spec,
  });
  const trial = (spec: object): KubeObject => renameForTrial(service(spec));
  const port = { port: 80, nodePort: 30080 };
  expect(
    trial({ clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1'], healthCheckNodePort: 1, type: 'x', ports: [port] }),
  ).toEqual({
    ...service({ type: 'x', ports: [{ port: 80 }] }),
    metadata: { name: 'gateway-trial' },
  });
  expect(trial({ clusterIP: 'None' })['spec']).toMatchObject({ clusterIP: 'None' });
  const long = renameForTrial({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'x'.repeat(63) } });
  expect(long.metadata.name).toHaveLength(63);
});

it('keeps the pods of a Deployment, and lets those of one to a node end first', () => {
  const of = (kind: string): string => propagationOf(ref(kind, 'x'));
  expect(['Deployment', 'DaemonSet', 'Service', 'RoleBinding'].map(of)).toEqual([
    'Orphan',
    'Foreground',
    'Background',
    'Background',
  ]);
});

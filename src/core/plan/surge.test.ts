import { describe, expect, it } from 'vitest';
import { objectKey, refOf, type KubeObject } from '../kube-object.ts';
import type { DesiredObject } from './desired.ts';
import { controllerOf, markOutgoing, outgoingOf } from './outgoing.ts';
import { computeHeldServices, findServicesOf, hasOtherEndpoint, withFormerReplicas } from './surge.ts';

const NAMESPACE = 'istio-system';
const object = (kind: string, name: string, rest: object = {}, metadata: object = {}): KubeObject => ({
  apiVersion: kind === 'Service' ? 'v1' : 'apps/v1',
  kind,
  metadata: { name, namespace: NAMESPACE, ...metadata },
  ...rest,
});
const workload = (kind: string, name: string, labels: object, spec: object = {}, metadata: object = {}): KubeObject =>
  object(kind, name, { spec: { ...spec, template: { metadata: { labels } } } }, metadata);
const service = (selector: object): KubeObject => object('Service', 'gateway', { spec: { selector } });
const FORMER = { 'sailwright.dev/outgoing-of': 'gateway' };
const former = (labels: object, replicas = 3): KubeObject =>
  workload('ReplicaSet', 'gateway-5d4', labels, { replicas }, { annotations: FORMER });

function desired(one: KubeObject): DesiredObject {
  const ref = refOf(one);
  const key = objectKey(ref);
  return {
    key,
    ref,
    component: 'IngressGateways',
    instance: 'gateway',
    phase: 4,
    hash: '',
    object: one,
    createOnly: false,
  };
}

describe('a Service stays with the former pods', () => {
  const OLD = { app: 'gateway', istio: 'old' };
  const NEW = { app: 'gateway', istio: 'new' };
  const wanted = [desired(service({ istio: 'new' })), desired(workload('Deployment', 'gateway', NEW))];
  const [served, deployment] = wanted.map(({ key }) => key) as [string, string];
  interface Case {
    live?: KubeObject;
    ready?: string[];
    outgoing?: KubeObject[];
  }
  it.each<[title: string, parts: Case, isHeld: boolean]>([
    ['while the new ones are not ready', {}, true],
    ['not once they are', { ready: [deployment] }, false],
    ['not where nothing is made anew', { outgoing: [] }, false],
    ['not when it has left them already', { live: service({ istio: 'new' }) }, false],
    ['not when it goes on selecting them', { live: service({ app: 'gateway' }), outgoing: [former(NEW)] }, false],
    ['not for pods that it never selected', { outgoing: [former({ istio: 'another' })] }, false],
    [
      'not for pods of another namespace',
      { outgoing: [workload('ReplicaSet', 'gateway-5d4', OLD, {}, { namespace: 'x', annotations: FORMER })] },
      false,
    ],
  ])('%s', (_title, { live = service({ istio: 'old' }), ready = [], outgoing = [former(OLD)] }, isHeld) => {
    const held = computeHeldServices({
      desired: wanted,
      live: new Map([[served, live]]),
      ready: new Set(ready),
      outgoing,
    });
    expect([...held.keys()]).toEqual(isHeld ? [served] : []);
    if (isHeld) expect(held.get(served)).toContain('until Deployment istio-system/gateway is ready');
  });
});

it('finds the Services that select a workload: one without a selector selects nothing', () => {
  const objects = [service({ istio: 'new' }), service({ istio: 'old' }), service({})];
  expect(findServicesOf(workload('Deployment', 'gateway', { istio: 'new' }), objects)).toEqual([objects[0]]);
});

describe('a new Deployment', () => {
  const deployment = desired(workload('Deployment', 'gateway', {}));
  const autoscaler = desired(
    object('HorizontalPodAutoscaler', 'gateway', { spec: { scaleTargetRef: { kind: 'Deployment', name: 'gateway' } } }),
  );
  const replicasOf = (one: KubeObject): unknown => (one['spec'] as { replicas?: number }).replicas;

  it('begins with as many replicas as the former pods, where an autoscaler would begin with one', () => {
    expect(replicasOf(withFormerReplicas(deployment, [deployment, autoscaler], [former({}), former({}, 2)]))).toBe(5);
  });

  it('begins with what it says otherwise', () => {
    expect(replicasOf(withFormerReplicas(deployment, [deployment], [former({})]))).toBeUndefined();
    const other = workload('ReplicaSet', 'x', {}, { replicas: 3 });
    expect(replicasOf(withFormerReplicas(deployment, [deployment, autoscaler], [other]))).toBeUndefined();
  });
});

it.each<[what: string, endpoints: object[], isServed: boolean]>([
  ['another pod', [{ targetRef: { name: 'gateway-77f-a' } }], true],
  [
    'another pod beside a former one',
    [{ targetRef: { name: 'gateway-5d4-a' } }, { targetRef: { name: 'gateway-77f-a' } }],
    true,
  ],
  ['former pods alone', [{ targetRef: { name: 'gateway-5d4-a' } }], false],
  ['another pod that is not ready', [{ targetRef: { name: 'gateway-77f-a' }, conditions: { ready: false } }], false],
  ['nothing', [], false],
])('knows whether others serve: %s', (_what, endpoints, isServed) => {
  expect(hasOtherEndpoint([object('EndpointSlice', 'x', { endpoints })], former({}))).toBe(isServed);
});

it('marks former pods as ours, by UID, so that nothing is made of a ReplicaSet that is gone', () => {
  const labels = {
    'sailwright.dev/managed': 'true',
    'install.operator.istio.io/owning-resource': 'mesh',
    'install.operator.istio.io/owning-resource-namespace': 'ops',
    'operator.istio.io/component': 'IngressGateways',
  };
  const owner = desired(workload('Deployment', 'gateway', {}, {}, { labels: { ...labels, app: 'gateway' } }));
  const ownerReferences = [{ uid: 'd', controller: true }];
  const live = workload('ReplicaSet', 'gateway-5d4', {}, {}, { uid: 'r', ownerReferences });
  const marked = markOutgoing(live, owner);
  expect(marked.metadata).toEqual({ name: 'gateway-5d4', namespace: NAMESPACE, uid: 'r', labels, annotations: FORMER });
  expect(outgoingOf(marked)).toBe('gateway');
  expect([controllerOf(live), controllerOf(marked)]).toEqual(['d', undefined]);
});

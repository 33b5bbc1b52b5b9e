import { expect, it } from 'vitest';
import { FakeKubeApi } from '../../../test/builders/fake-kube-api.ts';
import { objectKey, refOf, type KubeObject } from '../../core/kube-object.ts';
import type { DesiredObject } from '../../core/plan/desired.ts';
import type { PruneEntry } from '../../core/plan/plan-prune.ts';
import type { Scope } from './dependencies.ts';
import { findRetirable } from './retire-pods.ts';

const NAMESPACE = 'istio-system';
const labels = { istio: 'new' };

interface Case {
  /** Of the new Deployment's one replica; undefined where it does not exist. */
  available?: number | undefined;
  isWanted?: boolean;
  /** Pods that are ready endpoints of the Service. */
  endpoints?: string[];
  /** UID of what controls the former ReplicaSet. */
  controller?: string;
}

function deployment(available: number): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'gateway', namespace: NAMESPACE, generation: 1 },
    spec: { replicas: 1, template: { metadata: { labels } } },
    status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: available },
  };
}

function former(controller?: string): PruneEntry {
  const object: KubeObject = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: 'gateway-5d4',
      namespace: NAMESPACE,
      annotations: { 'sailwright.dev/outgoing-of': 'gateway' },
      ...(controller === undefined ? {} : { ownerReferences: [{ uid: controller, controller: true }] }),
    },
  };
  const ref = refOf(object);
  return { key: objectKey(ref), ref, uid: 'r', component: 'IngressGateways', object };
}

const service: KubeObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'gateway', namespace: NAMESPACE },
  spec: { selector: labels },
};

async function decide({ available, isWanted = true, endpoints = [], controller }: Case): Promise<string> {
  const api = new FakeKubeApi();
  api.seed({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'gateway-x', namespace: NAMESPACE, labels: { 'kubernetes.io/service-name': 'gateway' } },
    endpoints: endpoints.map((name) => ({ targetRef: { name }, conditions: { ready: true } })),
  });
  const objects = [service, ...(available === undefined ? [] : [deployment(available)])];
  const key = objectKey(refOf(deployment(1)));
  const entry = former(controller);
  const { free, isSoon } = await findRetirable({ deps: { api } } as unknown as Scope, [entry], {
    desired: isWanted ? [{ key } as DesiredObject] : [],
    live: new Map(objects.map((object) => [objectKey(refOf(object)), object])),
  });
  if (free.length > 0) return 'go';
  return isSoon ? 'go soon' : 'stay';
}

it.each<[title: string, parts: Case, expected: string]>([
  ['go when others serve', { available: 1, endpoints: ['gateway-77f-a'] }, 'go'],
  ['go soon while the Service still has them alone', { available: 1, endpoints: ['gateway-5d4-a'] }, 'go soon'],
  ['go soon while it has none', { available: 1 }, 'go soon'],
  [
    'go soon while their former Deployment holds them',
    { available: 1, endpoints: ['gateway-77f-a'], controller: 'd' },
    'go soon',
  ],
  ['stay until the new ones are ready', { available: 0, endpoints: ['gateway-77f-a'] }, 'stay'],
  ['stay until the new Deployment is there', { available: undefined, endpoints: ['gateway-77f-a'] }, 'stay'],
  ['go when nobody wants the Deployment any more', { available: undefined, isWanted: false }, 'go'],
])('former pods %s', async (_title, parts, expected) => {
  expect(await decide(parts)).toBe(expected);
});

it('has nothing to say of anything else', async () => {
  const entry = former();
  const object = { ...entry.object, metadata: { name: 'gateway', namespace: NAMESPACE } };
  const world = { desired: [], live: new Map<string, KubeObject>() };
  expect((await findRetirable({} as Scope, [{ ...entry, object }], world)).free).toHaveLength(1);
});

import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../core/kube-object.ts';
import type { KindRef, KubeApi, ReadOptions } from '../../kube/kube-api.ts';
import { PodTroubles } from './pod-troubles.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');

/** Answers from lists by kind, and notes what was asked for. */
function createApi(objects: Record<string, KubeObject[] | Error>): {
  api: Pick<KubeApi, 'get' | 'list'>;
  asked: string[];
} {
  const asked: string[] = [];
  const read = (kind: string): KubeObject[] => {
    const found = objects[kind] ?? [];
    if (found instanceof Error) throw found;
    return found;
  };
  const list = async (
    { kind }: KindRef,
    { reduce = one, fieldSelector = '' }: ReadOptions = {},
  ): ReturnType<KubeApi['list']> => {
    asked.push(`${kind} ${fieldSelector}`.trim());
    const items = await Promise.resolve(read(kind));
    return { items: items.flatMap((object) => reduce(object) ?? []), resourceVersion: '' };
  };
  const get = async ({ kind, name }: { kind: string; name: string }): ReturnType<KubeApi['get']> => {
    asked.push(`${kind} ${name}`);
    return Promise.resolve(read(kind)[0]);
  };
  return { api: { list, get }, asked };
}
const one = (object: KubeObject): KubeObject => object;

const workload = (kind: string, status: object): KubeObject => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name: 'w', namespace: 'ns', uid: 'w', annotations: { 'deployment.kubernetes.io/revision': '2' } },
  spec: { selector: { matchLabels: { app: 'w' } } },
  status,
});
const pod = (name: string, state: object, fields: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: 'ns',
    uid: name,
    labels: { 'pod-template-hash': 'new' },
    creationTimestamp: '2025-01-01T00:00:00Z',
  },
  spec: { nodeName: 'n', containers: [{ name: 'c' }] },
  status: { containerStatuses: [{ name: 'c', ready: false, state }], ...fields },
});
const PULL = { waiting: { reason: 'ErrImagePull', message: 'none' } };
const RUNS = { running: { startedAt: '2025-01-01T00:00:00Z' } };
const LOST = {
  conditions: [
    { type: 'Ready', status: 'False', lastTransitionTime: '2025-01-01T00:00:00Z' },
    { type: 'ContainersReady', status: 'True' },
  ],
};
const READY = { conditions: [{ type: 'Ready', status: 'True' }] };

describe('what is read of the pods of a workload that is not ready', () => {
  const cases: [
    title: string,
    live: KubeObject,
    objects: Record<string, KubeObject[]>,
    asked: string[],
    says: string | undefined,
  ][] = [
    ['all is well so far', workload('Deployment', {}), { Pod: [pod('p', RUNS, READY)] }, ['Pod'], undefined],
    [
      'a pod that tells all by itself',
      workload('Deployment', { replicas: 1, updatedReplicas: 1 }),
      { Pod: [pod('p', PULL)] },
      ['Pod'],
      'pod p, container c: ImagePullBackOff (none)',
    ],
    [
      'two versions side by side',
      workload('Deployment', { replicas: 2, updatedReplicas: 1 }),
      {
        Pod: [pod('p', PULL)],
        ReplicaSet: [
          {
            apiVersion: 'apps/v1',
            kind: 'ReplicaSet',
            metadata: {
              name: 's',
              labels: { 'pod-template-hash': 'newest' },
              annotations: { 'deployment.kubernetes.io/revision': '2' },
              ownerReferences: [{ uid: 'w' }],
            },
          },
        ],
      },
      ['Pod', 'ReplicaSet'],
      'former pod p, container c: ImagePullBackOff (none)',
    ],
    [
      'a node that may be lost, and is',
      workload('DaemonSet', {}),
      { Pod: [pod('p', RUNS, LOST)] },
      ['Pod', 'Node n'],
      'pod p: NodeNotReady (node n does not exist any more)',
    ],
    [
      'a node that may be lost, and is not',
      workload('DaemonSet', {}),
      {
        Pod: [pod('p', RUNS, LOST)],
        Node: [{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' }, status: READY }],
      },
      ['Pod', 'Node n'],
      undefined,
    ],
    [
      'an agent that fails beside one that is not made',
      workload('DaemonSet', { desiredNumberScheduled: 2, currentNumberScheduled: 1 }),
      { Pod: [pod('p', PULL)] },
      ['Pod'],
      'pod p, container c: ImagePullBackOff (none)',
    ],
    [
      'agents that are not made',
      workload('DaemonSet', { desiredNumberScheduled: 2, currentNumberScheduled: 1 }),
      {
        Event: [
          {
            apiVersion: 'v1',
            kind: 'Event',
            metadata: { name: 'e' },
            reason: 'FailedCreate',
            message: 'violates PodSecurity',
            lastTimestamp: '2025-12-31T23:45:00Z',
          },
        ],
      },
      ['Pod', 'Event involvedObject.uid=w,type=Warning'],
      'FailedCreate (violates PodSecurity)',
    ],
  ];
  it.each(cases)('%s', async (_title, live, objects, wanted, says) => {
    const { api, asked } = createApi(objects);
    const { verdict, unread } = await new PodTroubles(() => NOW).fetch(api, live);
    expect(asked).toEqual(wanted);
    expect(unread).toBeUndefined();
    expect(verdict?.text.split(';')[0]).toBe(says);
  });
});

it('reads at most every five seconds', async () => {
  const { api, asked } = createApi({ Pod: [pod('p', PULL)] });
  let now = NOW;
  const failures = new PodTroubles(() => now);
  const live = workload('Deployment', {});
  const first = await failures.fetch(api, live);
  now += 4_999;
  expect(await failures.fetch(api, live)).toEqual(first);
  expect(asked).toEqual(['Pod']);
  now += 1;
  await failures.fetch(api, live);
  expect(asked).toEqual(['Pod', 'Pod']);
  now -= 3_600_000;
  await failures.fetch(api, live);
  expect(asked, 'a clock that was set back').toEqual(['Pod', 'Pod', 'Pod']);
});

it('says that pods could not be read, and tells what they say though their events could not', async () => {
  const live = workload('Deployment', {});
  const refused = new Error('forbidden');
  const blind = await new PodTroubles(() => NOW).fetch(createApi({ Pod: refused }).api, live);
  expect(blind).toMatchObject({ unread: 'forbidden' });
  const unready = { conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: '2025-01-01T00:00:00Z' }] };
  const { api } = createApi({ Pod: [pod('p', RUNS, unready)], Event: refused });
  const { verdict } = await new PodTroubles(() => NOW).fetch(api, live);
  expect(verdict?.text).toContain('Unhealthy (readiness probe; more could not be read: forbidden)');
});

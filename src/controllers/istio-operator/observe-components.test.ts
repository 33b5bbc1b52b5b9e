import { describe, expect, it } from 'vitest';
import { objectKey, refOf, type KubeObject } from '../../core/kube-object.ts';
import { fetchInventoryObservations, fetchObservations } from './observe-components.ts';
import { PodTroubles } from './pod-troubles.ts';

const NOW = Date.parse('2026-01-01T00:01:00Z');
const ISTIOD: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace: 'istio-system', name: 'istiod', generation: 1 },
  spec: { replicas: 2, selector: { matchLabels: { app: 'istiod' } } },
  status: { observedGeneration: 1, replicas: 2, updatedReplicas: 2, availableReplicas: 0 },
};
const pod = (name: string, container: object, more: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'istio-system', name, ...more },
  status: { containerStatuses: [{ name: 'discovery', ready: false, ...container }] },
});
const SLOW = pod(
  'slow',
  { state: { waiting: { reason: 'ContainerCreating' } } },
  { creationTimestamp: '2026-01-01T00:00:00Z' },
);
const BROKEN = { state: { waiting: { reason: 'ErrImagePull', message: 'no such image' } } };

describe('a component whose pods are not ready', () => {
  const observe = async (...pods: KubeObject[]): Promise<unknown> => {
    const [observation] = await fetchObservations({
      api: {
        get: () => Promise.resolve(undefined),
        list: () => Promise.resolve({ items: pods, resourceVersion: '1' }),
      },
      pods: new PodTroubles(() => NOW),
      nowMs: NOW,
      members: [{ ref: refOf(ISTIOD), component: 'Pilot' }],
      live: new Map([[objectKey(refOf(ISTIOD)), ISTIOD]]),
      unread: new Set(),
      notes: () => ({ errors: [], blocked: [] }),
    });
    return observation?.workloads[0];
  };
  const COUNT = 'Deployment istio-system/istiod: 0 of 2 replicas available';
  const FAILED = {
    state: 'failed',
    message:
      `${COUNT}: pod broken, container discovery: ImagePullBackOff (no such image); check hub, tag and image ` +
      'in the spec, its imagePullSecrets, and that the node reaches the registry',
  };

  const cases: [title: string, pods: KubeObject[], told: object][] = [
    [
      'names one that takes long, and still waits for it',
      [SLOW],
      {
        state: 'progressing',
        message:
          `${COUNT}: pod slow, container discovery: ContainerCreating (since 2026-01-01T00:00:00Z); ` +
          '"kubectl -n istio-system describe pod slow" tells more',
      },
    ],
    ['has failed with one that cannot start', [pod('broken', BROKEN)], FAILED],
    ['names what fails before what is slow', [SLOW, pod('broken', BROKEN)], FAILED],
    [
      'says nothing of one that is on its way out',
      [pod('gone', BROKEN, { deletionTimestamp: '2026-01-01T00:00:59Z' })],
      { state: 'progressing', message: COUNT },
    ],
  ];
  it.each(cases)('%s', async (_title, pods, told) => {
    expect(await observe(...pods)).toEqual(told);
  });
});

describe('a component that an autoscaler has grown', () => {
  const AUTOSCALER: KubeObject = {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { namespace: 'istio-system', name: 'istiod' },
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'istiod' }, minReplicas: 1 },
  };
  const grown = { ...ISTIOD, status: { ...(ISTIOD['status'] as object), availableReplicas: 1 } };
  const unschedulable = {
    ...pod('pending', {}),
    status: {
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'no room' }],
    },
  };
  const observe = async (...pods: KubeObject[]): Promise<object | undefined> => {
    const [observation] = await fetchInventoryObservations(
      {
        api: {
          get: ({ kind }) => Promise.resolve(kind === 'Deployment' ? grown : AUTOSCALER),
          list: () => Promise.resolve({ items: pods, resourceVersion: '1' }),
        },
        pods: new PodTroubles(() => NOW),
        nowMs: NOW,
      },
      [grown, AUTOSCALER].map((object) => ({ ...refOf(object), namespace: 'istio-system', component: 'Pilot' })),
    );
    return observation?.workloads[0];
  };

  const cases: [title: string, pods: KubeObject[], state: string][] = [
    ['serves while more pods start', [SLOW], 'scaling'],
    ['serves while there is no room for more', [unschedulable], 'scaling'],
    ['has failed with one that cannot start', [pod('broken', BROKEN)], 'failed'],
  ];
  it.each(cases)('%s', async (_title, pods, state) => {
    expect(await observe(...pods)).toMatchObject({ state });
  });
});

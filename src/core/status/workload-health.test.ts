import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../kube-object.ts';
import { canReplace, computeWorkloadHealth, lacksPods } from './workload-health.ts';

const workload = (kind: string, status: unknown, spec: unknown = { replicas: 2 }): KubeObject => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name: 'x', namespace: 'ns', generation: 3 },
  spec,
  status,
});
const DONE = { observedGeneration: 3, replicas: 2, updatedReplicas: 2, availableReplicas: 2 };

describe('computeWorkloadHealth', () => {
  const cases: [title: string, live: KubeObject, state: string, says: string][] = [
    ['a finished rollout', workload('Deployment', DONE), 'ready', ''],
    [
      'a spec that its controller has not seen',
      workload('Deployment', { ...DONE, observedGeneration: 2 }),
      'progressing',
      'new version',
    ],
    ['no status at all', workload('Deployment', undefined), 'progressing', 'new version'],
    ['old replicas', workload('Deployment', { ...DONE, replicas: 3 }), 'progressing', '1 old replicas'],
    [
      'replicas not updated',
      workload('Deployment', { ...DONE, updatedReplicas: 1 }),
      'progressing',
      '1 of 2 replicas updated',
    ],
    [
      'pods not available',
      workload('Deployment', { ...DONE, availableReplicas: 0 }),
      'progressing',
      '0 of 2 replicas available',
    ],
    ['one replica where none is named', workload('Deployment', { observedGeneration: 3 }, {}), 'progressing', '0 of 1'],
    [
      'a deadline that passed',
      workload('Deployment', { ...DONE, conditions: [{ type: 'Progressing', status: 'False', message: 'too slow' }] }),
      'failed',
      'too slow',
    ],
    [
      'pods that the API server refuses',
      workload('Deployment', {
        ...DONE,
        updatedReplicas: 1,
        conditions: [
          { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: 'exceeded quota: q' },
          { type: 'Progressing', status: 'False', message: 'too slow' },
        ],
      }),
      'failed',
      'Deployment ns/x: FailedCreate (exceeded quota: q); change what refuses them',
    ],
    [
      'a DaemonSet without a node',
      workload('DaemonSet', { observedGeneration: 3, desiredNumberScheduled: 0 }),
      'ready',
      '',
    ],
    [
      'a DaemonSet that misses a pod',
      workload('DaemonSet', {
        observedGeneration: 3,
        desiredNumberScheduled: 2,
        updatedNumberScheduled: 2,
        numberAvailable: 1,
      }),
      'progressing',
      '1 of 2 pods available',
    ],
  ];
  it.each(cases)('%s', (...[, live, state, says]) => {
    const health = computeWorkloadHealth(live);
    expect(health.state).toBe(state);
    expect(health.message).toContain(says);
  });
});

const agents = (fields: object): KubeObject =>
  workload('DaemonSet', { observedGeneration: 3, desiredNumberScheduled: 3, ...fields });

it.each([
  [agents({ currentNumberScheduled: 2 }), true],
  [agents({ currentNumberScheduled: 3 }), false],
  [workload('Deployment', { desiredNumberScheduled: 3 }), false],
  [workload('DaemonSet', undefined), false],
])('lacksPods: %j', (live, lacks) => {
  expect(lacksPods(live)).toBe(lacks);
});

describe('canReplace', () => {
  const cases: [title: string, live: KubeObject, can: boolean][] = [
    ['a Deployment that runs', workload('Deployment', DONE), true],
    ['one that does not', workload('Deployment', { ...DONE, availableReplicas: 1 }), false],
    ['agents on all nodes but one', agents({ updatedNumberScheduled: 3, numberAvailable: 2 }), true],
    ['agents that run nowhere', agents({ updatedNumberScheduled: 3, numberAvailable: 0 }), false],
    ['agents that are replaced', agents({ updatedNumberScheduled: 1, numberAvailable: 2 }), false],
    ['agents whose controller has not seen them', agents({ observedGeneration: 2 }), false],
    ['agents without a node', agents({ desiredNumberScheduled: 0 }), true],
  ];
  it.each(cases)('%s', (_title, live, can) => {
    expect(canReplace(live)).toBe(can);
  });
});

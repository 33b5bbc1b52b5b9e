import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../kube-object.ts';
import { computeWorkloadHealth } from './workload-health.ts';

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

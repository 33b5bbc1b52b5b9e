import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../kube-object.ts';
import { judgeWorkload } from './judge-workload.ts';

const NOW = Date.parse('2026-01-01T12:00:00Z');

function deployment(status: object, generation = 1): KubeObject {
  const metadata = { name: 'v2', namespace: 'shop', generation };
  const full = { observedGeneration: 1, replicas: 2, updatedReplicas: 2, availableReplicas: 2, ...status };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { replicas: 2 }, status: full };
}

const waiting = (reason: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'v2-x', namespace: 'shop', creationTimestamp: '2026-01-01T11:00:00Z' },
  spec: { nodeName: 'n', containers: [{ name: 'app', image: 'app:1' }] },
  status: {
    phase: 'Running',
    conditions: [{ type: 'PodScheduled', status: 'True' }],
    containerStatuses: [{ name: 'app', image: 'app:1', restartCount: 4, ready: false, state: { waiting: { reason } } }],
  },
});

describe('the workload of the new destination', () => {
  const available = { conditions: [{ type: 'Available', status: 'True' }] };
  const stuck = { conditions: [{ type: 'Progressing', status: 'False', message: 'it timed out' }] };
  it.each<[string, KubeObject, KubeObject[], string, string]>([
    ['runs', deployment({}), [], 'good', 'Deployment shop/v2 runs'],
    ['has no pod', deployment({ availableReplicas: 0 }), [], 'bad', 'has no pod that is ready'],
    ['cannot go on', deployment({ updatedReplicas: 1, ...stuck }), [], 'bad', 'it timed out'],
    ['has a pod that crashes', deployment({ availableReplicas: 1 }), [waiting('CrashLoopBackOff')], 'bad', 'v2-x'],
    ['is being rolled out', deployment({ availableReplicas: 1 }), [], 'unknown', '1 of 2 replicas available'],
    ['has enough pods, and more to come', deployment({ availableReplicas: 1, ...available }), [], 'good', 'runs'],
    ['was changed a moment ago', deployment({}, 2), [], 'unknown', 'waiting for its controller'],
  ])('%s', (_, object, pods, result, text) => {
    const verdict = judgeWorkload(object, pods, NOW);
    expect(verdict).toMatchObject({ name: 'workload', result, text: expect.stringContaining(text) as unknown });
  });
});

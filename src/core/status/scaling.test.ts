import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../kube-object.ts';
import { computeAutoscaled } from '../plan/ceded-fields.ts';
import { computeAwaitedScale, computeGrownHealth, computeScaledHealth } from './scaling.ts';

const autoscaler = (minReplicas?: number): KubeObject => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { namespace: 'ns', name: 'any' },
  spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'x' }, minReplicas, maxReplicas: 5 },
});

interface Pods {
  wanted: number;
  all: number;
  updated: number;
  available: number;
  /** How many changes of the spec its controller has not seen. */
  unseen?: number;
  /** When the object and when its status was written last. */
  written?: [object: string, status: string];
  conditions?: object[];
}

const deployment = ({ wanted, all, updated, available, unseen = 0, written, conditions }: Pods): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    namespace: 'ns',
    name: 'x',
    generation: 5,
    managedFields: written && [
      { manager: 'sailwright', operation: 'Apply', time: `2026-01-01T00:00:${written[0]}Z` },
      { manager: 'controllers', operation: 'Update', subresource: 'status', time: `2026-01-01T00:00:${written[1]}Z` },
      // As the API server leaves it.
      { manager: 'controllers', operation: 'Update', subresource: 'scale' },
    ],
  },
  spec: { replicas: wanted },
  status: {
    observedGeneration: 5 - unseen,
    replicas: all,
    updatedReplicas: updated,
    availableReplicas: available,
    conditions,
  },
});

const DONE = { wanted: 3, all: 3, updated: 3, available: 3 };
const GROWS = { wanted: 3, all: 1, updated: 1, available: 1 };

describe('a Deployment under an autoscaler', () => {
  const cases: [title: string, least: number | undefined, pods: Pods, state: string][] = [
    ['runs fully', 1, DONE, 'ready'],
    ['grows, with no pod made yet', 1, GROWS, 'scaling'],
    ['grows, with pods that start', 1, { ...DONE, available: 1 }, 'scaling'],
    ['grows from a minimum that is not said, which is one', undefined, { ...DONE, available: 1 }, 'scaling'],
    ['has lost pods, but not below its minimum', 2, { ...DONE, available: 2 }, 'scaling'],
    ['has lost pods below its minimum', 2, { ...DONE, available: 1 }, 'progressing'],
    ['has no pod left, with a minimum of none', 0, { ...DONE, available: 0 }, 'progressing'],
    ['is rolled out beside old pods', 1, { ...DONE, all: 4, available: 4 }, 'progressing'],
    ['is about to be rolled out', 1, { ...DONE, updated: 0 }, 'progressing'],
    ['has just been scaled', 1, { ...GROWS, unseen: 1, written: ['01', '02'] }, 'scaling'],
    ['has just been scaled in', 1, { ...DONE, wanted: 1, unseen: 1, written: ['01', '02'] }, 'scaling'],
    ['has just been changed', 1, { ...DONE, unseen: 1, written: ['03', '02'] }, 'progressing'],
    ['was changed or scaled, who knows which', 1, { ...DONE, unseen: 1, written: ['02', '02'] }, 'progressing'],
    ['was changed before it was scaled, both unseen', 1, { ...DONE, unseen: 2, written: ['01', '02'] }, 'progressing'],
    ['has just been changed by nobody knows whom', 1, { ...DONE, unseen: 1 }, 'progressing'],
    [
      'does not get on',
      1,
      { ...DONE, available: 1, conditions: [{ type: 'Progressing', status: 'False', message: 'too slow' }] },
      'failed',
    ],
  ];
  it.each(cases)('that %s', (_title, least, pods, state) => {
    expect(computeScaledHealth(deployment(pods), computeAutoscaled([autoscaler(least)])).state).toBe(state);
  });

  it('is waited for where no autoscaler decides', () => {
    const other = { ...autoscaler(1), metadata: { namespace: 'other', name: 'any' } };
    expect(computeScaledHealth(deployment(GROWS), computeAutoscaled([other])).state).toBe('progressing');
  });
});

describe('a Deployment that is ready, beside an autoscaler', () => {
  const NOW = Date.parse('2026-01-01T01:00:00Z');
  const able = (status: string): object => ({ status: { conditions: [{ type: 'AbleToScale', status }] } });
  const made = (time: string): object => ({ metadata: { namespace: 'ns', name: 'any', creationTimestamp: time } });
  const replicas = (count: number): KubeObject =>
    deployment({ wanted: count, all: count, updated: count, available: count });
  const deleted = { metadata: { namespace: 'ns', name: 'any', deletionTimestamp: '2026-01-01T00:59:59Z' } };
  const inactive = {
    status: {
      conditions: [
        { type: 'AbleToScale', status: 'True' },
        { type: 'ScalingActive', status: 'False' },
      ],
    },
  };

  const cases: [title: string, count: number, least: number | undefined, told: object, state: string][] = [
    ['that scales, has fewer pods than its minimum', 1, 2, able('True'), 'growing'],
    ['that scales without metrics, has fewer pods than its minimum', 1, 2, inactive, 'growing'],
    ['that was just made, has fewer pods than its minimum', 1, 2, made('2026-01-01T00:59:30Z'), 'growing'],
    ['that was made by a clock that is ahead, has fewer', 1, 2, made('2026-01-01T01:00:05Z'), 'growing'],
    ['that has its minimum', 2, 2, able('True'), 'ready'],
    ['that was just made, has its minimum', 2, 2, made('2026-01-01T00:59:30Z'), 'ready'],
    ['that asks for more than its minimum', 3, 2, able('True'), 'ready'],
    ['that says no minimum, has a pod', 1, undefined, able('True'), 'ready'],
    ['that cannot scale it', 1, 2, able('False'), 'ready'],
    ['that nobody carries out', 1, 2, made('2026-01-01T00:58:00Z'), 'ready'],
    ['of which nobody knows when it was made', 1, 2, {}, 'ready'],
    ['that is on its way out', 1, 2, { ...able('True'), ...deleted }, 'ready'],
    ['that is switched off by a scale of none', 0, 2, able('True'), 'ready'],
  ];
  it.each(cases)('%s', (_title, count, least, told, state) => {
    const awaited = computeAwaitedScale([{ ...autoscaler(least), ...told }], NOW);
    expect(computeGrownHealth(replicas(count), awaited).state).toBe(state);
  });

  it('tells what is waited for', () => {
    const awaited = computeAwaitedScale([{ ...autoscaler(3), ...able('True') }], NOW);
    expect(computeGrownHealth(replicas(1), awaited).message).toBe(
      'Deployment ns/x: waiting for its HorizontalPodAutoscaler to ask for its minReplicas, 3 instead of 1',
    );
  });

  it('of another Deployment, does not matter', () => {
    const other = { ...autoscaler(3), ...able('True'), metadata: { namespace: 'other', name: 'any' } };
    expect(computeGrownHealth(replicas(1), computeAwaitedScale([other], NOW)).state).toBe('ready');
  });
});

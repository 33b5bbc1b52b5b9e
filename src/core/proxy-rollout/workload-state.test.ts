import { describe, expect, it } from 'vitest';
import { RENEWED_ANNOTATION, ROLLOUT_ANNOTATION } from '../../api/our-names.ts';
import type { KubeObject } from '../kube-object.ts';
import type { PodFacts, ReviewSummary } from './pod-facts.ts';
import { stampText } from './stamp.ts';
import { computeWorkloadState, type WorkloadState, type Budget, type RolloutView } from './workload-state.ts';

const NOW = Date.parse('2026-12-01T12:00:00Z');
const STAMP = stampText({ rollout: 'uid', way: 'forward', at: NOW });
const CHANGED: ReviewSummary = { state: 'changed', why: 'containers[istio-proxy].args' };
const CURRENT: ReviewSummary = { state: 'current', why: '' };

interface Given {
  kind?: string;
  replicas?: number;
  spec?: object;
  podSpec?: object;
  status?: object;
  annotations?: Record<string, string>;
  templateAnnotations?: Record<string, string>;
  pods?: Partial<PodFacts>[];
  view?: Partial<RolloutView>;
}

function pod(more: Partial<PodFacts> = {}): PodFacts {
  const old = { name: 'p', uid: 'p', labels: { app: 'web' }, createdAt: NOW - 60_000, stamp: undefined };
  return { ...old, isTerminating: false, isReady: true, isPending: false, proxyRestarts: 0, review: CHANGED, ...more };
}

function state(given: Given = {}): ReturnType<typeof computeWorkloadState> {
  const { kind = 'Deployment', replicas = 2, spec, podSpec = {}, status } = given;
  const { annotations = {}, templateAnnotations = {} } = given;
  const counts = { replicas, updatedReplicas: replicas, availableReplicas: replicas, readyReplicas: replicas };
  const daemons = { desiredNumberScheduled: replicas, updatedNumberScheduled: replicas, numberAvailable: replicas };
  const object: KubeObject = {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name: 'web', namespace: 'shop', generation: 1, annotations },
    spec: { replicas, template: { metadata: { annotations: templateAnnotations }, spec: podSpec }, ...spec },
    status: { observedGeneration: 1, ...counts, ...daemons, ...status },
  };
  const view: RolloutView = {
    rollout: 'uid',
    way: 'forward',
    strategy: 'Auto',
    budgets: new Map(),
    now: NOW,
    ...given.view,
  };
  return computeWorkloadState({ object, pods: (given.pods ?? [{}, {}]).map(pod) }, view);
}

describe('how it is renewed', () => {
  it.each<[string, Given, 'Restart' | 'Evict']>([
    ['a Deployment by its template, as it surges unless told otherwise', {}, 'Restart'],
    ['a Deployment without surge by eviction', { spec: { strategy: { rollingUpdate: { maxSurge: 0 } } } }, 'Evict'],
    ['a share of surge that is none', { spec: { strategy: { rollingUpdate: { maxSurge: '0%' } } } }, 'Evict'],
    ['a Deployment that ends all first', { spec: { strategy: { type: 'Recreate' } } }, 'Evict'],
    ['a StatefulSet by eviction', { kind: 'StatefulSet' }, 'Evict'],
    ['a DaemonSet by eviction', { kind: 'DaemonSet' }, 'Evict'],
    [
      'a DaemonSet with surge by its template',
      { kind: 'DaemonSet', spec: { updateStrategy: { rollingUpdate: { maxSurge: 1 } } } },
      'Restart',
    ],
    ['or as the rollout says', { view: { strategy: 'Evict' } }, 'Evict'],
  ])('%s', (_, given, method) => {
    expect(state(given).method).toBe(method);
  });
});

describe('what keeps it from that', () => {
  const budget = (allowed: number, labels: Record<string, string> = { app: 'web' }): Partial<RolloutView> => ({
    strategy: 'Evict',
    budgets: new Map<string, Budget[]>([['shop', [{ name: 'web', selector: { matchLabels: labels }, allowed }]]]),
  });
  const excluded = (text: string): Given => ({ annotations: { [ROLLOUT_ANNOTATION]: text } });
  const gateway = (given: Given): Given => ({
    podSpec: { containers: [{ name: 'istio-proxy', image: 'auto' }] },
    templateAnnotations: { 'inject.istio.io/templates': 'gateway' },
    pods: Array.from({ length: given.replicas ?? 2 }, () => ({})),
    ...given,
  });
  const strategy = (rollingUpdate: object): object => ({ strategy: { rollingUpdate } });
  it.each<[string, Given, string | undefined, boolean?]>([
    ['nothing', {}, undefined],
    [
      'nothing where all is current, whatever it is',
      { replicas: 1, spec: { paused: true, strategy: { type: 'Recreate' } }, pods: [{ review: CURRENT }] },
      undefined,
    ],
    ['a pause', { spec: { paused: true } }, 'Paused', false],
    [
      'a single pod without surge',
      { replicas: 1, spec: { strategy: { type: 'Recreate' } }, pods: [{}] },
      'SingleReplica',
      false,
    ],
    ['not a single pod with surge', { replicas: 1, pods: [{}] }, undefined],
    [
      'a single pod that is to be evicted',
      { replicas: 1, pods: [{}], view: { strategy: 'Evict' } },
      'SingleReplica',
      false,
    ],
    ['not a DaemonSet on one node', { kind: 'DaemonSet', replicas: 1, pods: [{}] }, undefined],
    ['a gateway that may lose pods by a share of them', gateway({ replicas: 4 }), 'GatewayWouldShrink', false],
    ['not one of so few that the share is none', gateway({ replicas: 3 }), undefined],
    ['not one that keeps all', gateway({ replicas: 4, spec: strategy({ maxUnavailable: 0 }) }), undefined],
    ['a gateway without surge', gateway({ spec: strategy({ maxSurge: 0 }) }), 'GatewayWouldShrink', false],
    ['a gateway on every node', gateway({ kind: 'DaemonSet' }), 'GatewayWouldShrink', false],
    [
      'not one on every node with surge',
      gateway({ kind: 'DaemonSet', spec: { updateStrategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } } }),
      undefined,
    ],
    ['not a gateway whose way a person chose', gateway({ replicas: 4, view: { strategy: 'Restart' } }), undefined],
    [
      'not one that was begun, and has more pods since',
      gateway({ replicas: 4, annotations: { [RENEWED_ANNOTATION]: STAMP }, view: { way: 'back' } }),
      undefined,
    ],
    [
      'not a workload that has a say in its sidecar',
      gateway({ replicas: 4, templateAnnotations: { 'inject.istio.io/templates': 'sidecar,own' } }),
      undefined,
    ],
    ['a rollout that runs', { status: { updatedReplicas: 1 } }, 'RolloutRunning', true],
    ['a spec that its controller has not seen', { status: { observedGeneration: 0 } }, 'RolloutRunning', true],
    ['pods that are not ready', { kind: 'StatefulSet', status: { readyReplicas: 1 } }, 'RolloutRunning', true],
    [
      'not what it has begun itself, which has to come back',
      { status: { updatedReplicas: 1 }, annotations: { [RENEWED_ANNOTATION]: STAMP }, view: { way: 'back' } },
      undefined,
    ],
    ['a budget that is used up', { view: budget(0) }, 'BudgetExhausted', true],
    ['not one with room', { view: budget(1) }, undefined],
    ['not one of other pods', { view: budget(0, { app: 'other' }) }, undefined],
    ['no budget where it is restarted', { view: { ...budget(0), strategy: 'Restart' } }, undefined],
    ['its annotation', excluded('exclude: batch runs until Friday'), 'Excluded', false],
    ['its annotation, before its end', excluded('exclude until 2026-12-02'), 'Excluded', false],
    ['not after it', excluded('exclude until 2026-12-01'), undefined],
    ['an annotation that nobody can read', excluded('please no'), 'Excluded', false],
    ['a date that is none', excluded('exclude until 2026-13-45'), 'Excluded', false],
    ['injection that would refuse', { pods: [{ review: { state: 'refused', why: 'x' } }] }, 'InjectionRefused', false],
    [
      'injection that would leave it out',
      { pods: [{ review: { state: 'losing', why: 'x' } }] },
      'WouldLoseProxy',
      false,
    ],
    [
      'injection of which nothing is known',
      { pods: [{ review: { state: 'unknown', why: 'x' } }] },
      'InjectionUnknown',
      true,
    ],
    [
      'a proxy that injection did not make',
      { pods: [{ review: { state: 'foreign', why: 'x' } }] },
      'NotInjected',
      false,
    ],
    ['that it is a Job', { kind: 'Job' }, 'Job', false],
    ['that it is a bare pod', { kind: 'Pod' }, 'BarePod', false],
    ['that nobody knows its kind', { kind: 'Rollout' }, 'OwnerUnknown', false],
  ])('%s', (_, given, reason, isTemporary) => {
    const { block } = state(given);
    expect([block?.reason, block?.isTemporary]).toEqual([reason, isTemporary]);
  });
});

describe('what is left to do', () => {
  const stamped: Given = {
    annotations: { [RENEWED_ANNOTATION]: STAMP },
    templateAnnotations: { [RENEWED_ANNOTATION]: STAMP },
  };
  const evicted: Given = { kind: 'StatefulSet', annotations: { [RENEWED_ANNOTATION]: STAMP } };
  const count = ({ stale, renewed }: ReturnType<typeof state>): number[] => [stale.length, renewed.length];

  it('all pods with another proxy, before it was touched', () => {
    expect(
      count(
        state({
          pods: [{}, { review: { state: 'image', why: '' } }, { review: CURRENT }, { review: undefined }],
        }),
      ),
    ).toEqual([2, 0]);
  });

  it('pods of a former template, after it was', () => {
    expect(count(state({ ...stamped, pods: [{}, { stamp: STAMP, review: CURRENT }] }))).toEqual([1, 1]);
  });

  it('what was evicted is told by its age', () => {
    expect(count(state({ ...evicted, pods: [{}, { createdAt: NOW + 1_000, review: CURRENT }] }))).toEqual([1, 1]);
  });

  it('not pods on their way out', () => {
    expect(count(state({ pods: [{ isTerminating: true }, {}] }))).toEqual([1, 0]);
    expect(state({ pods: [{ isTerminating: true }, {}] }).isSettled).toBe(false);
  });

  it('nothing is settled that lacks a pod, or has one that is not ready, whatever its status still says', () => {
    expect(state().isSettled).toBe(true);
    expect(state({ pods: [{}] }).isSettled).toBe(false);
    expect(state({ pods: [{}, { isReady: false }] }).isSettled).toBe(false);
  });

  it('not a renewed pod that still differs: it is told, and not renewed again and again', () => {
    const found = state({ ...stamped, pods: [{ stamp: STAMP }, { stamp: STAMP }] });
    expect([count(found), found.block?.reason, found.block?.isTemporary]).toEqual([[0, 2], 'StillDifferent', false]);
  });

  it('all again on the way back, and after another rollout', () => {
    const pods = [{ stamp: STAMP }, { stamp: STAMP }];
    expect(count(state({ ...stamped, pods, view: { way: 'back' } }))).toEqual([2, 0]);
    const other = state({ ...stamped, pods, view: { rollout: 'other' } });
    expect([count(other), other.stamp]).toEqual([[2, 0], undefined]);
  });

  it('what was begun is not held up by being under way', () => {
    expect(state({ ...stamped, status: { updatedReplicas: 1 } }).block).toBeUndefined();
  });

  it('tells of a Deployment that cannot go on', () => {
    const conditions = [{ type: 'Progressing', status: 'False', message: 'deadline exceeded' }];
    expect(state({ ...stamped, status: { conditions } }).failure).toContain('deadline exceeded');
  });

  it('knows pods that are refused from pods that a webhook did not answer about', () => {
    const lastTransitionTime = new Date(NOW - 1000).toISOString();
    const about = (message: string, more: object[] = []): WorkloadState => {
      const refused = { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message, lastTransitionTime };
      return state({ ...stamped, status: { updatedReplicas: 0, conditions: [refused, ...more] } });
    };
    expect(about('pods "web" is forbidden: exceeded quota').failure).toContain('exceeded quota');
    const unanswered = 'Internal error occurred: failed calling webhook "a": context deadline exceeded';
    expect(about(unanswered).failure).toBeUndefined();
    expect(about(unanswered).hitch).toEqual({ message: `Deployment shop/web: ${unanswered}`, since: NOW - 1000 });
    expect(about(unanswered, [{ type: 'Progressing', status: 'False' }]).failure).toContain(unanswered);
  });
});

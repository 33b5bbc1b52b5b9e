import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { objectKey } from '../kube-object.ts';
import type { PodFacts } from './pod-facts.ts';
import { chooseWork, isDone, isUnderWay, subjectOf, waveOf, type WorkLimits } from './waves.ts';
import type { WorkloadState } from './workload-state.ts';

const POD = { name: 'p', isReady: true, isTerminating: false } as PodFacts;
const FAILING = { ...POD, name: 'f', isReady: false };
const FORWARD = { rollout: 'uid', way: 'forward', at: 0 } as const;

function workload(name: string, more: Partial<WorkloadState> = {}): WorkloadState {
  const [namespace = '', short = ''] = name.split('/');
  const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: short };
  const object = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: short, namespace, labels: { app: short } },
  };
  return {
    ref,
    namespace,
    object,
    method: 'Restart',
    pods: [POD],
    stale: [POD],
    renewed: [],
    isSettled: true,
    ...more,
  };
}

/** A pod template that an injector fills in. */
const GATEWAY = {
  metadata: { annotations: { 'inject.istio.io/templates': 'gateway' } },
  spec: { containers: [{ name: 'istio-proxy', image: 'auto' }] },
};
const gateway = (name: string): WorkloadState => {
  const state = workload(name);
  return { ...state, object: { ...state.object, spec: { template: GATEWAY } } };
};

const limits = (maxParallel: number, chosen: readonly WorkloadState[] = []): WorkLimits => ({
  maxParallel,
  way: 'forward',
  chosen: new Set(chosen.map(({ ref }) => objectKey(ref))),
});

const names = (states: readonly WorkloadState[]): string[] => states.map(({ ref }) => `${ref.namespace}/${ref.name}`);

describe('what is begun', () => {
  const passing = { reason: 'RolloutRunning', message: '', isTemporary: true } as const;
  it.each<[string, WorkloadState[], number, string[]]>([
    ['no more than may be under way', [workload('a/x'), workload('b/x'), workload('c/x')], 2, ['a/x', 'b/x']],
    ['one of a namespace', [workload('a/x'), workload('a/y'), workload('b/x')], 3, ['a/x', 'b/x']],
    ['nothing where one is under way', [workload('a/x', { stamp: FORWARD, isSettled: false }), workload('b/x')], 1, []],
    [
      'nothing in its namespace',
      [workload('a/x', { stamp: FORWARD, isSettled: false }), workload('a/y'), workload('b/x')],
      3,
      ['b/x'],
    ],
    ['not what is current', [workload('a/x', { stale: [] }), workload('b/x')], 1, ['b/x']],
    ['not what is blocked', [workload('a/x', { block: passing }), workload('b/x')], 1, ['b/x']],
    ['gateways first', [workload('a/x'), workload('b/x'), gateway('c/edge')], 2, ['c/edge', 'a/x']],
    ['not twice', [workload('a/x', { stamp: FORWARD, stale: [] })], 3, []],
    ['once more on another way', [workload('a/x', { stamp: { ...FORWARD, way: 'back' } })], 3, ['a/x']],
  ])('%s', (_, states, maxParallel, expected) => {
    expect(names(chooseWork(states, limits(maxParallel)).begin)).toEqual(expected);
  });
});

describe('what was chosen before', () => {
  const all = ['a/x', 'b/x', 'c/x', 'd/x'].map((name) => workload(name));
  const [, , third, fourth] = all as [WorkloadState, WorkloadState, WorkloadState, WorkloadState];
  const choose = (states: readonly WorkloadState[], maxParallel: number, chosen: WorkloadState[]): string[] =>
    names(chooseWork(states, limits(maxParallel, chosen)).begin);

  it('comes first, and leaves that much less to choose', () => {
    expect(choose(all, 2, [third])).toEqual(['c/x', 'a/x']);
    expect(choose(all, 1, [third])).toEqual(['c/x']);
  });

  it('keeps its place when fewer are allowed than before', () => {
    expect(choose(all, 1, [third, fourth])).toEqual(['c/x', 'd/x']);
  });

  it('leaves it to another when something keeps it from being begun, or it was begun', () => {
    const block = { reason: 'InjectionNotProven', message: '', isTemporary: true } as const;
    expect(choose([workload('a/x'), workload('c/x', { block })], 1, [third])).toEqual(['a/x']);
    expect(choose([workload('a/x'), workload('c/x', { stamp: FORWARD, stale: [] })], 1, [third])).toEqual(['a/x']);
  });
});

describe('what is evicted', () => {
  const begun = { stamp: FORWARD, method: 'Evict' } as const;
  const failing = (other: PodFacts): Partial<WorkloadState> => ({
    isSettled: false,
    pods: [other, FAILING],
    stale: [FAILING],
  });
  it.each<[string, WorkloadState, number]>([
    ['the next pod of what was begun', workload('a/x', begun), 1],
    ['none while another is not ready', workload('a/x', { ...begun, isSettled: false }), 0],
    ['none before it was begun', workload('a/x', { method: 'Evict' }), 0],
    ['none that the template renews', workload('a/x', { stamp: FORWARD }), 0],
    [
      'none against its budget',
      workload('a/x', { ...begun, block: { reason: 'BudgetExhausted', message: '', isTemporary: true } }),
      0,
    ],
    ['one that fails, though it is not settled', workload('a/x', { ...begun, ...failing(POD) }), 1],
    ['not that while another is not ready', workload('a/x', { ...begun, ...failing({ ...POD, isReady: false }) }), 0],
    ['not that while another ends', workload('a/x', { ...begun, ...failing({ ...POD, isTerminating: true }) }), 0],
    ['none when all are renewed', workload('a/x', { ...begun, stale: [] }), 0],
  ])('%s', (_, state, pods) => {
    expect(chooseWork([state], limits(1)).evict).toHaveLength(pods);
  });
});

it('never lets more be under way than allowed, nor two in one namespace, whatever was begun before', () => {
  const one = fc.record({
    namespace: fc.constantFrom('a', 'b', 'c', 'd'),
    isBegun: fc.boolean(),
    isSettled: fc.boolean(),
    isStale: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(one, { maxLength: 12 }), fc.integer({ min: 1, max: 5 }), (given, maxParallel) => {
      const states = given.map(({ namespace, isBegun, isSettled, isStale }, index) =>
        workload(`${namespace}/${index}`, {
          ...(isBegun ? { stamp: FORWARD } : {}),
          isSettled,
          stale: isStale ? [POD] : [],
        }),
      );
      const before = states.filter((state) => isUnderWay(state, 'forward'));
      const { begin } = chooseWork(states, limits(maxParallel));
      expect(begin.length).toBeLessThanOrEqual(Math.max(0, maxParallel - before.length));
      const busy = [...before, ...begin].map(({ namespace }) => namespace);
      for (const { namespace } of begin) expect(busy.filter((each) => each === namespace)).toHaveLength(1);
    }),
    { numRuns: 2_000 },
  );
});

it('waits for what may pass, and not for what does not', () => {
  const block = (isTemporary: boolean): Partial<WorkloadState> => ({
    block: { reason: 'Paused', message: '', isTemporary },
  });
  expect(isDone(workload('a/x', block(true)), 'forward')).toBe(false);
  expect(isDone(workload('a/x', block(false)), 'forward')).toBe(true);
  expect(isDone(workload('a/x', { ...block(false), stamp: FORWARD, isSettled: false }), 'forward')).toBe(false);
  expect(isDone(workload('a/x', { stale: [], isSettled: false }), 'forward')).toBe(true);
  expect(isDone(workload('a/x', { stale: [], isSettled: false, stamp: FORWARD }), 'forward')).toBe(false);
});

it('a workload belongs to the first wave that takes it', () => {
  const waves = [
    { name: 'one', namespaces: new Set(['a']), labels: { app: 'x' }, maxParallel: 1 },
    { name: 'two', labels: { app: 'x' }, maxParallel: 1 },
  ];
  expect(['a/x', 'b/x', 'a/y'].map((name) => waveOf(workload(name), waves))).toEqual([0, 1, undefined]);
});

it('requests tell of the waves up to the present one, by name unless there are too many', () => {
  const wave = { labels: {}, maxParallel: 1 };
  const waves = [
    { ...wave, name: 'one', namespaces: new Set(['a']) },
    { ...wave, name: 'two', namespaces: new Set(['b']) },
  ];
  const states = [workload('b/web'), workload('a/web'), workload('a/api'), workload('c/other')];
  expect(subjectOf(states, waves, 0)).toEqual({ namespaces: ['a'], workloads: ['api', 'web'] });
  expect(subjectOf(states, waves, 1)).toEqual({ namespaces: ['a', 'b'], workloads: ['api', 'web'] });
  expect(subjectOf([], waves, 1)).toBeUndefined();
  const many = Array.from({ length: 101 }, (_, index) => workload(`a/w${index}`));
  expect(subjectOf(many, waves, 0)).toEqual({ namespaces: ['a'] });
});

import { expect, it } from 'vitest';
import { describeWaiting, judgeRenewed } from './built-in-gates.ts';
import { podFactsOf, type PodFacts } from './pod-facts.ts';
import type { WorkloadState } from './workload-state.ts';

const NOW = Date.parse('2026-12-01T12:00:00Z');
const LIMITS = { maxProxyRestarts: 1, readyMs: 600_000, pendingMs: 120_000 };
const GOOD: PodFacts = {
  name: 'p',
  uid: 'p',
  labels: {},
  createdAt: NOW,
  stamp: undefined,
  isTerminating: false,
  isReady: true,
  isPending: false,
  proxyRestarts: 0,
  review: { state: 'current', why: '' },
};

function workload(renewed: Partial<PodFacts>, more: Partial<WorkloadState> = {}): WorkloadState {
  const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
  const object = { ...ref, metadata: { name: 'web', namespace: 'shop' } };
  const pods = [{ ...GOOD, ...renewed }];
  const stamp = { rollout: 'uid', way: 'forward', at: 0 } as const;
  return {
    ref,
    namespace: 'shop',
    object,
    method: 'Restart',
    stamp,
    pods,
    stale: [],
    renewed: pods,
    isSettled: true,
    ...more,
  };
}

it.each<[string, WorkloadState, string | undefined]>([
  ['a pod that is as it should be', workload({}), undefined],
  ['a container that fails', workload({ failure: 'CrashLoopBackOff' }), 'containers: pod shop/p: CrashLoopBackOff'],
  ['restarts within the limit', workload({ proxyRestarts: 1 }), undefined],
  ['restarts beyond', workload({ proxyRestarts: 2 }), 'restarts: pod shop/p: its proxy restarted 2 times'],
  ['no proxy', workload({ review: undefined }), 'injection: pod shop/p: it has no proxy'],
  ['a pod that waits for a node', workload({ isPending: true, isReady: false, createdAt: NOW - 120_000 }), undefined],
  [
    'one that waits too long',
    workload({ isPending: true, isReady: false, createdAt: NOW - 180_000 }),
    'scheduling: pod shop/p: no node took it for 3 minutes',
  ],
  ['a pod that starts', workload({ isReady: false, createdAt: NOW - 600_000 }), undefined],
  [
    'one that takes too long',
    workload({ isReady: false, createdAt: NOW - 660_000 }),
    'readiness: pod shop/p: not ready after 11 minutes',
  ],
  ['a workload that cannot go on', workload({}, { failure: 'web: quota' }), 'workloads: web: quota'],
  [
    'a webhook that did not answer',
    workload({}, { hitch: { message: 'web: no answer', since: NOW - 120_000 } }),
    undefined,
  ],
  [
    'one that does not for too long',
    workload({}, { hitch: { message: 'web: no answer', since: NOW - 180_000 } }),
    'workloads: web: no answer, for 3 minutes',
  ],
])('%s', (_, state, expected) => {
  const bad = judgeRenewed([state], LIMITS, NOW).filter(({ result }) => result === 'bad');
  expect(bad.map(({ name, text }) => `${name}: ${text}`)).toEqual(expected === undefined ? [] : [expected]);
});

it('says nothing of what was not renewed', () => {
  const { stamp: _, ...untouched } = workload({}, { renewed: [], failure: 'of its own' });
  expect(judgeRenewed([untouched], LIMITS, NOW).every(({ result }) => result === 'good')).toBe(true);
});

it('names what is waited for', () => {
  const block = { reason: 'RolloutRunning', message: 'it is being rolled out', isTemporary: true } as const;
  const states = [workload({}), workload({}, { isSettled: false }), workload({}, { block })];
  expect(describeWaiting(states)).toBe('Deployment shop/web, Deployment shop/web: it is being rolled out');
});

it('keeps of a pod what decides', () => {
  const waiting = { state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } } };
  const facts = podFactsOf(
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'shop', uid: 'u', creationTimestamp: '2026-12-01T12:00:00Z' },
      spec: { nodeName: 'n', containers: [{ name: 'app' }, { name: 'istio-proxy' }] },
      status: { containerStatuses: [{ name: 'app' }, { name: 'istio-proxy', restartCount: 4, ...waiting }] },
    },
    undefined,
    NOW,
  );
  expect(facts).toMatchObject({ uid: 'u', createdAt: NOW, proxyRestarts: 4, isReady: false, isPending: false });
  expect(facts.failure).toContain('istio-proxy: CrashLoopBackOff');
});

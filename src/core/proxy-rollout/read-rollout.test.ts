import { describe, expect, it } from 'vitest';
import { formatProblem } from '../problem.ts';
import { readRollout, type RolloutPlan } from './read-rollout.ts';

function read(spec: unknown, mayReachOut = true): RolloutPlan | string[] {
  const result = readRollout(spec, { mayReachOut, mayQuery: mayReachOut });
  return result.ok ? result.plan : result.problems.map(formatProblem);
}

describe('what cannot be carried out', () => {
  it.each<[string, object, boolean, string]>([
    ['an unknown field', { wave: [] }, true, 'spec.wave: unknown field (did you mean "waves"?)'],
    ['a word that is none', { strategy: 'Delete' }, true, 'spec.strategy'],
    ['a length of time that is none', { deadline: 'tomorrow' }, true, 'spec.deadline'],
    ['a negative one', { deadline: '-1h' }, true, 'spec.deadline: must not be negative'],
    ['a negative soak', { waves: [{ name: 'a', soak: '-1s' }] }, true, 'spec.waves[0].soak: must not be negative'],
    [
      'two waves of a name',
      { waves: [{ name: 'a' }, { name: 'a' }] },
      true,
      'spec.waves[1].name: there is another wave a',
    ],
    [
      'a wave without a name',
      { waves: [{}] },
      true,
      'spec.waves[0].name: a wave needs a name of letters, digits, dots and dashes',
    ],
    ['a name with a comma, which separates approvals', { waves: [{ name: 'a,b' }] }, true, 'spec.waves[0].name'],
    [
      'none at a time',
      { waves: [{ name: 'a', maxParallel: 0 }] },
      true,
      'spec.waves[0].maxParallel: must be from 1 to 100',
    ],
    [
      'an hour that is none',
      { windows: [{ start: '24:00', duration: '1h' }] },
      true,
      'spec.windows[0].start: must be a time such as 22:30',
    ],
    ['a window without a beginning', { windows: [{ duration: '1h' }] }, true, 'spec.windows[0].start'],
    [
      'a window without an end',
      { windows: [{ start: '22:00' }] },
      true,
      'spec.windows[0].duration: must be more than 0 and at most 24h',
    ],
    ['a window of two days', { windows: [{ start: '22:00', duration: '48h' }] }, true, 'spec.windows[0].duration'],
    [
      'a zone that is none',
      { windows: [{ start: '22:00', duration: '1h', timeZone: 'CEST' }] },
      true,
      'spec.windows[0].timeZone: there is no time zone "CEST"',
    ],
    [
      'a revision and a tag',
      { target: { revision: 'a', tag: 'b' } },
      true,
      'spec.target: both revision and tag are set (keep one)',
    ],
    ['a way back without a tag', { onFailure: 'Rollback' }, true, 'spec.onFailure: Rollback needs a tag to move back'],
    [
      'restarts below none',
      { gates: { maxProxyRestarts: -1 } },
      true,
      'spec.gates.maxProxyRestarts: must be 0 or more',
    ],
    [
      'other namespaces, where that is not for it',
      { namespaces: { names: ['x'] } },
      false,
      'spec.namespaces: a rollout here renews the workloads of its own namespace only',
    ],
    [
      'own queries, where they are not for it',
      { metrics: { queries: [{ name: 'errors', query: 'errors', max: 1 }] } },
      false,
      'spec.metrics.queries: own queries are asked with the credentials of the operator',
    ],
    [
      'a query that is called like a gate',
      { metrics: { queries: [{ name: 'controlPlane', query: 'errors', max: 1 }] } },
      true,
      'spec.metrics.queries[0].name: there is another gate controlPlane',
    ],
    [
      'a tag, where that is not for it',
      { target: { tag: 'prod' } },
      false,
      'spec.target.tag: a rollout here may not move a tag back',
    ],
  ])('%s', (_, spec, mayReachOut, problem) => {
    expect(read(spec, mayReachOut)).toEqual(expect.arrayContaining([expect.stringContaining(problem)]));
  });
});

it('has one careful wave, no window and no way back unless told', () => {
  for (const spec of [undefined, null, {}]) {
    expect(read(spec, false)).toEqual({
      target: {},
      labels: {},
      waves: [{ name: 'all', labels: {}, maxParallel: 1 }],
      strategy: 'Auto',
      windows: [],
      limits: { maxProxyRestarts: 0, readyMs: 600_000, pendingMs: 120_000 },
      steps: {
        steps: [{ name: 'all', soakMs: 60_000, needsApproval: false }],
        onFailure: 'Pause',
        hasWayBack: false,
        patienceMs: 600_000,
      },
      isSuspended: false,
    });
  }
});

it('reads all that is said', () => {
  const spec = {
    target: { tag: 'prod' },
    namespaces: { names: ['a'], matchLabels: { team: 'x' } },
    workloads: { matchLabels: { tier: 'web' } },
    waves: [
      {
        name: 'one',
        namespaces: ['a'],
        workloads: { matchLabels: { app: 'y' } },
        maxParallel: 4,
        soak: '5m',
        approval: true,
      },
    ],
    strategy: 'Evict',
    windows: [{ days: ['Sat'], start: '22:00', duration: '4h', timeZone: 'Europe/Vienna' }],
    gates: { maxProxyRestarts: 2, readyTimeout: '1m', pendingTimeout: '30s' },
    metrics: { successRate: { min: 99 } },
    onFailure: 'Rollback',
    deadline: '8h',
    suspend: true,
  };
  expect(read(spec)).toEqual({
    target: { tag: 'prod' },
    namespaces: { names: new Set(['a']), labels: { team: 'x' } },
    labels: { tier: 'web' },
    waves: [{ name: 'one', namespaces: new Set(['a']), labels: { app: 'y' }, maxParallel: 4 }],
    strategy: 'Evict',
    windows: [{ days: ['Sat'], start: '22:00', durationMs: 14_400_000, timeZone: 'Europe/Vienna' }],
    limits: { maxProxyRestarts: 2, readyMs: 60_000, pendingMs: 30_000 },
    metrics: { successRate: { min: 99 } },
    steps: {
      steps: [{ name: 'one', soakMs: 300_000, needsApproval: true }],
      onFailure: 'Rollback',
      hasWayBack: true,
      patienceMs: 600_000,
      deadlineMs: 28_800_000,
    },
    isSuspended: true,
  });
});

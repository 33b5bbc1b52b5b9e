import { describe, expect, it } from 'vitest';
import { formatProblem } from '../problem.ts';
import { readShift, type ShiftPlan } from './read-shift.ts';

const ROUTE = { route: { name: 'reviews' }, to: { host: 'reviews', subset: 'v2' } };

function read(spec: object, mayQuery = true): ShiftPlan | string[] {
  const result = readShift(spec, { namespace: 'shop', mayQuery });
  return result.ok ? result.plan : result.problems.map(formatProblem);
}

describe('what cannot be carried out', () => {
  const workload = { to: { ...ROUTE.to, workload: 'reviews-v2' } };
  it.each<[string, object, string]>([
    ['no destination', { to: {} }, 'spec: a shift needs spec.route.name and spec.to.host'],
    ['an unknown field', { stepz: [] }, 'spec.stepz: unknown field (did you mean "steps"?)'],
    ['a weight above all', { steps: [{ weight: 101 }] }, 'spec.steps[0].weight: must be from 1 to 100'],
    ['none at all', { steps: [{ weight: 0 }] }, 'spec.steps[0].weight: must be from 1 to 100'],
    [
      'a step down',
      { steps: [{ weight: 10 }, { weight: 5 }] },
      'spec.steps[1].weight: must be above 10, the weight of the step before',
    ],
    ['a negative soak', { steps: [{ weight: 1, soak: '-1s' }] }, 'spec.steps[0].soak: must not be negative'],
    ['a negative deadline', { deadline: '-1h' }, 'spec.deadline: must not be negative'],
    [
      'an hour that is none',
      { windows: [{ start: '24:00', duration: '1h' }] },
      'spec.windows[0].start: must be a time',
    ],
    [
      'a subset in an HTTPRoute',
      { route: { kind: 'HTTPRoute', name: 'reviews' } },
      'spec.to.subset: an HTTPRoute knows no subsets',
    ],
    [
      "Istio's metrics of nobody",
      { metrics: { successRate: { min: 99 } } },
      'spec.metrics.successRate: it is not known whose requests these are (set spec.to.workload)',
    ],
    ['a gate without a bound', { ...workload, metrics: { latency: {} } }, 'spec.metrics.latency: a gate needs a bound'],
    [
      'bounds that exclude each other',
      { ...workload, metrics: { latency: { min: 2, max: 1 } } },
      'spec.metrics.latency: min is above max',
    ],
    ['a window of nothing', { metrics: { window: '1ms' } }, 'spec.metrics.window: must be 1s or more'],
    [
      'two gates of a name',
      { metrics: { queries: ['a', 'a'].map((name) => ({ name, query: 'up', min: 1 })) } },
      'spec.metrics.queries[1].name: there is another gate a',
    ],
    [
      'a gate with the name of a built-in one',
      { metrics: { queries: [{ name: 'weights', query: 'up', min: 1 }] } },
      'spec.metrics.queries[0].name: there is another gate weights',
    ],
    [
      'a least traffic that is not measured',
      { metrics: { queries: [{ name: 'a', query: 'up', min: 1, minTraffic: 1 }] } },
      'spec.metrics.queries[0]: traffic and minTraffic belong together (set both, or none)',
    ],
  ])('%s', (_, spec, expected) => {
    expect(read({ ...ROUTE, ...spec })).toEqual(expect.arrayContaining([expect.stringContaining(expected)]));
  });

  it('own queries with credentials that are not of who asks', () => {
    const metrics = { queries: [{ name: 'a', query: 'up', min: 1 }] };
    expect(read({ ...ROUTE, metrics }, false)).toEqual([expect.stringContaining('spec.metrics.queries: own queries')]);
    expect(read({ ...ROUTE, metrics }, true)).toMatchObject({
      gates: [{ name: 'a', query: 'up', bounds: { min: 1 } }],
    });
  });
});

it('goes by 1, 5, 10, 50 and 100 with five minutes each, and back, unless told', () => {
  const plan = read(ROUTE) as ShiftPlan;
  expect(plan.weights).toEqual([1, 5, 10, 50, 100]);
  expect(plan.steps).toMatchObject({ onFailure: 'Rollback', hasWayBack: true });
  expect(plan.steps.steps[1]).toEqual({ name: '5', soakMs: 300_000, needsApproval: false });
  expect(plan.route).toEqual({ kind: 'VirtualService', name: 'reviews' });
});

it('takes what is set', () => {
  const spec = { ...ROUTE, steps: [{ weight: 20, soak: '1h', approval: true }], onFailure: 'Pause', deadline: '2h' };
  expect(read(spec)).toMatchObject({
    weights: [20],
    steps: {
      steps: [{ name: '20', soakMs: 3_600_000, needsApproval: true }],
      onFailure: 'Pause',
      deadlineMs: 7_200_000,
    },
  });
});

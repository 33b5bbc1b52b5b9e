import type { IstioOperatorStatus } from '../../api/install/istio-operator-status.ts';
import { describe, expect, it } from 'vitest';
import { CONDITION_REASONS } from '../../api/install/conditions.ts';
import type { ComponentObservation } from './component-status.ts';
import { computeStatus, type StatusInput } from './compute-status.ts';
import type { WorkloadHealth } from './workload-health.ts';

const NOW = '2026-01-01T00:00:00Z';
const LATER = '2026-01-01T00:10:00Z';
const pilot = (fields: Partial<ComponentObservation> = {}): ComponentObservation => ({
  component: 'Pilot',
  workloads: [{ state: 'ready', message: '' }],
  errors: [],
  blocked: [],
  ...fields,
});
const compute = (input: Partial<StatusInput> = {}): ReturnType<typeof computeStatus> =>
  computeStatus({ observations: [pilot()], inventory: [], generation: 4, previous: {}, now: NOW, ...input });
const conditions = (input: Partial<StatusInput>): Record<string, string> =>
  Object.fromEntries((compute(input).conditions ?? []).map(({ type, status }) => [type, status]));

describe('conditions', () => {
  const of = (fields: Partial<ComponentObservation>): Partial<StatusInput> => ({ observations: [pilot(fields)] });
  const unready = (state: WorkloadHealth['state']): Partial<StatusInput> =>
    of({ workloads: [{ state, message: 'text' }] });
  const override = (state: 'stalled' | 'deleting'): Partial<StatusInput> => ({
    override: { state, reason: 'InvalidResource', message: 'text' },
  });
  // kstatus: Stalled=True is failed, Reconciling=True is in progress; Argo CD: Ready=False is degraded.
  const cases: [title: string, input: Partial<StatusInput>, result: Record<string, string>, state: string][] = [
    ['all runs', {}, { Ready: 'True', Reconciling: 'False', Stalled: 'False' }, 'HEALTHY'],
    [
      'more pods for an autoscaler',
      unready('scaling'),
      { Ready: 'True', Reconciling: 'False', Stalled: 'False' },
      'HEALTHY',
    ],
    [
      'the least pods of an autoscaler',
      unready('growing'),
      { Ready: 'Unknown', Reconciling: 'True', Stalled: 'False' },
      'RECONCILING',
    ],
    ['a rollout', unready('progressing'), { Ready: 'Unknown', Reconciling: 'True', Stalled: 'False' }, 'UPDATING'],
    ['a failed read', unready('unknown'), { Ready: 'Unknown', Reconciling: 'True', Stalled: 'False' }, 'UPDATING'],
    [
      'a kind that cannot be listed',
      of({ unread: ['r'] }),
      { Ready: 'Unknown', Reconciling: 'True', Stalled: 'False' },
      'RECONCILING',
    ],
    ['pods that fail', unready('failed'), { Ready: 'False', Reconciling: 'True', Stalled: 'False' }, 'ERROR'],
    ['an API error', of({ errors: ['e'] }), { Ready: 'False', Reconciling: 'True', Stalled: 'False' }, 'ERROR'],
    [
      'a phase that waits',
      of({ waitingFor: 'w' }),
      { Ready: 'Unknown', Reconciling: 'True', Stalled: 'False' },
      'RECONCILING',
    ],
    ['a conflict', of({ blocked: ['b'] }), { Ready: 'False', Reconciling: 'False', Stalled: 'True' }, 'ERROR'],
    ['a contest', of({ contested: ['c'] }), { Ready: 'False', Reconciling: 'True', Stalled: 'False' }, 'ERROR'],
    ['bad input', override('stalled'), { Ready: 'False', Reconciling: 'False', Stalled: 'True' }, 'ERROR'],
    ['nothing to install', { observations: [] }, { Ready: 'True', Reconciling: 'False', Stalled: 'False' }, 'NONE'],
  ];
  it.each(cases)('%s', (...[, input, result, state]) => {
    expect(conditions(input)).toEqual(result);
    expect(compute(input).status).toBe(state);
  });

  it('have a reason of the table', () => {
    for (const { reason } of compute().conditions ?? []) expect(Object.keys(CONDITION_REASONS)).toContain(reason);
  });
});

describe('the release to go back to', () => {
  const ran = (istioVersion: string, version: string): IstioOperatorStatus => ({ istioVersion, version });

  it.each<[string, IstioOperatorStatus, string | undefined, string | undefined]>([
    ['a first installation', {}, '1.31.4', undefined],
    ['a step to a newer minor', ran('1.30', '1.30.5'), '1.31.4', '1.30.5'],
    ['a newer minor of images of one’s own', ran('1.30', 'mine'), '1.31.4', '1.30.8'],
    ['a step to a patch', { ...ran('1.31', '1.31.0'), previousRelease: '1.30.5' }, '1.31.4', '1.30.5'],
    ['a step back', { ...ran('1.31', '1.31.4'), previousRelease: '1.30.5' }, '1.30.5', '1.30.5'],
    ['a pass that rendered nothing', { ...ran('1.31', '1.31.4'), previousRelease: '1.30.5' }, undefined, '1.30.5'],
  ])('after %s', (_, previous, release, expected) => {
    expect(compute({ previous, ...(release === undefined ? {} : { release }) }).previousRelease).toBe(expected);
  });
});

describe('a further pass', () => {
  it('that finds the same writes the same, however late it is', () => {
    const first = compute();
    expect(compute({ previous: first, now: LATER })).toEqual(first);
  });

  it('moves only the times of conditions that changed', () => {
    const first = compute();
    const next = compute({ previous: first, now: LATER, observations: [pilot({ errors: ['e'] })] });
    const times = Object.fromEntries((next.conditions ?? []).map((item) => [item.type, item.lastTransitionTime]));
    expect(times).toEqual({ Ready: LATER, Reconciling: LATER, Stalled: NOW });
  });
});

it('keeps messages small enough to be stored', () => {
  const errors = Array.from({ length: 500 }, (_, index) => `problem ${index} `.repeat(10));
  expect(JSON.stringify(compute({ observations: [pilot({ errors })] })).length).toBeLessThan(20_000);
});

it('names the component and what is wrong with it', () => {
  const status = compute({ observations: [pilot({ errors: ['Service a/b: refused'] })] });
  expect(status.message).toBe('Pilot: Service a/b: refused');
  expect(status.componentStatus?.['Pilot']?.error).toBe('Service a/b: refused');
});

it.each(['failed', 'progressing'] as const)('tells with a workload that is %s what stays because of it', (state) => {
  const kept = 'Deployment old stays';
  const told = (workloads: ComponentObservation['workloads']): string =>
    [compute({ observations: [pilot({ workloads, kept })] })]
      .map(({ message = '', componentStatus }) => `${message} | ${componentStatus?.['Pilot']?.error ?? ''}`)
      .join();
  expect(told([{ state, message: 'text' }])).toBe(`Pilot: text; Pilot: ${kept} | text; ${kept}`);
  expect(told([{ state: 'ready', message: '' }])).toBe(' | ');
});

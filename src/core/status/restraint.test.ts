import { describe, expect, it } from 'vitest';
import type { IstioOperatorStatus } from '../../api/install/istio-operator-status.ts';
import type { StatusCondition } from '../../api/status-condition.ts';
import type { ComponentObservation } from './component-status.ts';
import { computeStatus, type StatusInput } from './compute-status.ts';

const NOW = '2026-01-01T00:00:00Z';
const LATER = '2026-01-01T00:10:00Z';
const pilot = (state: 'ready' | 'failed' | 'progressing'): ComponentObservation => ({
  component: 'Pilot',
  workloads: [{ state, message: 'pods' }],
  errors: [],
  blocked: [],
});
const compute = (input: Partial<StatusInput>): IstioOperatorStatus =>
  computeStatus({ observations: [pilot('ready')], inventory: [], generation: 4, previous: {}, now: NOW, ...input });
const conditionOf = (status: IstioOperatorStatus, type: string): StatusCondition | undefined =>
  status.conditions?.find((condition) => condition.type === type);

const PAUSE = { state: 'restrained', reason: 'Paused', message: 'asked' } as const;
const applied = compute({ isApplied: true });
const pause = (input: Partial<StatusInput> = {}): IstioOperatorStatus =>
  compute({ override: PAUSE, previous: applied, now: LATER, ...input });

describe('a pause', () => {
  it('is a condition of its own, with the time at which it began', () => {
    const first = pause();
    expect(conditionOf(first, 'Paused')).toMatchObject({ status: 'True', reason: 'Paused', message: 'asked' });
    expect(pause({ previous: first, now: '2026-01-01T01:00:00Z' })).toEqual(first);
  });

  it.each<[string, ComponentObservation[], string]>([
    ['what runs', [pilot('ready')], 'True'],
    ['pods that fail', [pilot('failed')], 'False'],
    ['pods on their way', [pilot('progressing')], 'Unknown'],
  ])('leaves Ready to tell of %s, and nothing is at work', (...[, observations, ready]) => {
    const status = pause({ observations });
    expect(conditionOf(status, 'Ready')?.status).toBe(ready);
    expect(conditionOf(status, 'Reconciling')).toMatchObject({ status: 'False', reason: 'Paused' });
    expect(conditionOf(status, 'Stalled')?.status).toBe('False');
  });

  // kstatus goes by status.observedGeneration, kubectl wait by that of the condition.
  it('names what Ready speaks of when a newer spec waits', () => {
    const status = pause({ generation: 5 });
    expect(status.observedGeneration).toBe(5);
    expect(status.appliedGeneration).toBe(4);
    expect(conditionOf(status, 'Ready')).toMatchObject({ status: 'True', observedGeneration: 4 });
    expect(conditionOf(status, 'Ready')?.message).toContain('generation 4');
    expect(conditionOf(status, 'Paused')?.message).toContain('generation 5 waits');
  });

  it('before the first installation leaves Ready unknown', () => {
    const ready = conditionOf(pause({ previous: {}, observations: [] }), 'Ready');
    expect(ready).toMatchObject({ status: 'Unknown', reason: 'Paused' });
    expect(ready?.message).toContain('nothing was installed');
  });

  it('of what was refused before does not take that for applied', () => {
    const refused = compute({
      override: { state: 'stalled', reason: 'InvalidResource', message: 'x' },
      previous: applied,
      generation: 5,
    });
    expect(conditionOf(pause({ previous: refused, generation: 5 }), 'Ready')?.observedGeneration).toBe(4);
  });

  it('takes the Ready of an operator that did not count yet for applied', () => {
    const { appliedGeneration: _, ...previous } = applied;
    expect(conditionOf(pause({ previous }), 'Ready')?.status).toBe('True');
  });

  it.each<[string, Partial<StatusInput>, boolean]>([
    ['a pass after it', {}, false],
    ['a spec that is refused', { override: { state: 'stalled', reason: 'InvalidResource', message: '' } }, false],
    ['a deletion', { override: { state: 'deleting', reason: 'Deleting', message: '' } }, false],
    ['a pass that broke off', { override: { state: 'unknown', reason: 'PassFailed', message: '' } }, true],
  ])('of the whole resource after %s', (_what, input, stands) => {
    expect(conditionOf(compute({ previous: pause(), ...input }), 'Paused') !== undefined).toBe(stands);
  });
});

describe('a plan that waits for approval', () => {
  const wait = (input: Partial<StatusInput> = {}): IstioOperatorStatus =>
    pause({ override: { state: 'restrained', reason: 'ApprovalRequired', message: 'h' }, ...input });

  it('is a condition of its own, and Ready tells of what runs', () => {
    const status = wait({ generation: 5 });
    expect(conditionOf(status, 'PlanPending')).toMatchObject({ status: 'True', reason: 'ApprovalRequired' });
    expect(conditionOf(status, 'Paused')).toBeUndefined();
    expect(conditionOf(status, 'Ready')).toMatchObject({ status: 'True', observedGeneration: 4 });
  });

  it('stands beside what is paused of single objects', () => {
    const restraints = { paused: 'Service sys/x', drifted: 'ConfigMap sys/y', unclear: '' };
    const status = wait({ restraints });
    expect(conditionOf(status, 'Paused')).toMatchObject({ reason: 'ObjectsPaused', message: 'Service sys/x' });
    expect(conditionOf(status, 'Drifted')?.message).toBe('ConfigMap sys/y');
    expect(conditionOf(status, 'AnnotationUnclear')).toBeUndefined();
  });

  it('stays in the status until it is said that there is none', () => {
    const plan = { hash: 'h', state: 'Pending', summary: 's', configMap: 'c', desired: 'd' } as const;
    const first = wait({ plan });
    expect(compute({ previous: first }).plan).toEqual(plan);
    expect(compute({ previous: first, plan: null })).not.toHaveProperty('plan');
  });
});

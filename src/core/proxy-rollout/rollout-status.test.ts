import { expect, it } from 'vitest';
import type { ProxyRolloutStatus } from '../../api/rollout/proxy-rollout.ts';
import type { StepAct, StepProgress } from '../steps/step-plan.ts';
import { computeInvalidStatus, progressOf } from '../staged/staged-status.ts';
import { computeRolloutStatus, type RolloutLook } from './rollout-status.ts';

const AT = { generation: 3, now: Date.parse('2026-12-01T12:00:00Z') };
const LOOK: RolloutLook = {
  progress: { phase: 'Acting', step: 1, since: AT.now, startedAt: AT.now - 1_000 },
  act: { kind: 'do', step: 1 },
  waves: ['canary', 'rest'],
  way: 'forward',
  states: [],
  chosen: [],
  gates: [],
  waiting: '',
  target: undefined,
};
const verdicts = ({ conditions = [] }: ProxyRolloutStatus): string =>
  conditions.map(({ type, status }) => `${type}=${status}`).join(' ');

it.each<[string, Partial<StepProgress>, StepAct, string, string]>([
  ['under way', {}, { kind: 'do', step: 1 }, 'InProgress', 'Ready=Unknown Reconciling=True Stalled=False'],
  [
    'waiting for a person',
    { phase: 'Waiting' },
    { kind: 'wait', reason: 'ApprovalRequired', text: 'x' },
    'ApprovalRequired',
    'Ready=Unknown Reconciling=True Stalled=False',
  ],
  [
    'watched',
    { phase: 'Soaking' },
    { kind: 'wait', reason: 'Soaking', text: 'x' },
    'InProgress',
    'Ready=Unknown Reconciling=True Stalled=False',
  ],
  ['paused', { phase: 'Paused' }, { kind: 'pause' }, 'Paused', 'Ready=False Reconciling=False Stalled=True'],
  [
    'on its way back',
    { phase: 'RollingBack' },
    { kind: 'rollBack' },
    'RollingBack',
    'Ready=Unknown Reconciling=True Stalled=False',
  ],
  ['back', { phase: 'RolledBack' }, { kind: 'end' }, 'RolledBack', 'Ready=False Reconciling=False Stalled=True'],
  ['ended by a person', { phase: 'Aborted' }, { kind: 'end' }, 'Aborted', 'Ready=False Reconciling=False Stalled=True'],
  ['done', { phase: 'Done', step: 2 }, { kind: 'end' }, 'Done', 'Ready=True Reconciling=False Stalled=False'],
])('%s', (_, progress, act, reason, conditions) => {
  const status = computeRolloutStatus({ ...LOOK, progress: { ...LOOK.progress, ...progress }, act }, {}, AT);
  expect([status.conditions?.[0]?.reason, verdicts(status)]).toEqual([reason, conditions]);
});

it('remembers all that decides, and a second look at the same changes nothing', () => {
  const progress: StepProgress = {
    ...LOOK.progress,
    phase: 'Paused',
    doubtSince: AT.now - 5,
    resumed: 'once',
    cause: { reason: 'GateUnknown', text: 'no answer' },
  };
  const first = computeRolloutStatus({ ...LOOK, progress }, {}, AT);
  expect(progressOf(JSON.parse(JSON.stringify(first)) as ProxyRolloutStatus)).toEqual(progress);
  const later = { ...AT, now: AT.now + 60_000 };
  expect(computeRolloutStatus({ ...LOOK, progress }, first, later)).toEqual(first);
});

it('has nothing to remember of what never began', () => {
  expect([progressOf({}), progressOf({ phase: 'Invalid', step: 0, since: '2026-12-01T12:00:00Z' })]).toEqual([
    undefined,
    undefined,
  ]);
});

it('a spec that cannot be read stalls it, and what was begun is not forgotten', () => {
  const before = computeRolloutStatus(LOOK, {}, AT);
  const status = computeInvalidStatus('spec.waves: wrong', before, { ...AT, generation: 4 });
  expect(status).toMatchObject({ phase: 'Acting', step: 1, observedGeneration: 4 });
  expect(verdicts(status)).toBe('Ready=False Reconciling=False Stalled=True');
  expect(computeInvalidStatus<ProxyRolloutStatus>('x', {}, AT).phase).toBe('Invalid');
});

// What GitOps tools make of our status: kstatus (Flux, Helm 4, kpt) of the conditions, and Argo CD's built-in check for
// IstioOperators of `status.status` alone. The rules of both are written down here in our own words.
import { describe, expect, it } from 'vitest';
import { CONDITION_REASONS, type ConditionReason } from '../../api/install/conditions.ts';
import type { IstioOperatorStatus } from '../../api/install/istio-operator-status.ts';
import type { ComponentObservation } from './component-status.ts';
import { computeStatus, type StatusInput } from './compute-status.ts';
import type { Summary } from './conditions.ts';

type Verdict = 'Current' | 'InProgress' | 'Failed';

/** As kstatus judges a custom resource: an old generation first, then Reconciling, Stalled, Ready. */
function judgeByKstatus(generation: number, { observedGeneration, conditions = [] }: IstioOperatorStatus): Verdict {
  const is = (type: string): string | undefined => conditions.find((condition) => condition.type === type)?.status;
  if (observedGeneration !== undefined && observedGeneration !== generation) return 'InProgress';
  if (is('Reconciling') === 'True') return 'InProgress';
  if (is('Stalled') === 'True') return 'Failed';
  return is('Ready') === undefined || is('Ready') === 'True' ? 'Current' : 'InProgress';
}

const ARGO_CD: Readonly<Record<string, string>> = {
  NONE: 'Unknown',
  UPDATING: 'Progressing',
  RECONCILING: 'Progressing',
  HEALTHY: 'Healthy',
  ERROR: 'Degraded',
};
const judgeByArgo = ({ status }: IstioOperatorStatus): string =>
  (status && ARGO_CD[status]) ?? `${status} is not known`;

const pilot = (fields: Partial<ComponentObservation> = {}): StatusInput['observations'] => [
  { component: 'Pilot', workloads: [{ state: 'ready', message: '' }], errors: [], blocked: [], ...fields },
];
const compute = (input: Partial<StatusInput>): IstioOperatorStatus =>
  computeStatus({
    observations: pilot(),
    inventory: [],
    generation: 4,
    previous: {},
    now: '2026-01-01T00:00:00Z',
    ...input,
  });
const pods = (state: 'progressing' | 'failed' | 'unknown' | 'missing'): Partial<StatusInput> => ({
  observations: pilot({ workloads: [{ state, message: 'text' }] }),
});
const stalled = (reason: ConditionReason): Partial<StatusInput> => ({
  override: { state: 'stalled', reason, message: 'text' },
});

const CASES: [what: string, input: Partial<StatusInput>, kstatus: Verdict, argo: string][] = [
  ['all runs', {}, 'Current', 'Healthy'],
  ['nothing to install', { observations: [] }, 'Current', 'Unknown'],
  ['a rollout', pods('progressing'), 'InProgress', 'Progressing'],
  ['a workload that is not there yet', pods('missing'), 'InProgress', 'Progressing'],
  ['a phase that waits', { observations: pilot({ waitingFor: 'w' }) }, 'InProgress', 'Progressing'],
  ['a read that failed', { observations: pilot({ unread: ['r'] }) }, 'InProgress', 'Progressing'],
  ['pods that fail', pods('failed'), 'InProgress', 'Degraded'],
  ['a refused object', { observations: pilot({ errors: ['e'] }) }, 'InProgress', 'Degraded'],
  ['a contest', { observations: pilot({ contested: ['c'] }) }, 'InProgress', 'Degraded'],
  ['a gateway without an injector', { observations: pilot({ uninjected: ['u'] }) }, 'InProgress', 'Degraded'],
  ['an object that another holds', { observations: pilot({ blocked: ['b'] }) }, 'Failed', 'Degraded'],
  ['a removal', { override: { state: 'deleting', reason: 'Deleting', message: 'd' } }, 'InProgress', 'Progressing'],
];

describe('what is told of', () => {
  it.each(CASES)('%s', (...[, input, kstatus, argo]) => {
    const status = compute(input);
    expect(judgeByKstatus(4, status)).toBe(kstatus);
    expect(judgeByArgo(status)).toBe(argo);
  });

  it('a generation that nobody has looked at is that it is under way', () => {
    expect(judgeByKstatus(5, compute({}))).toBe('InProgress');
    expect(judgeByKstatus(5, compute(stalled('InvalidResource')))).toBe('InProgress');
  });
});

it.each(Object.keys(CONDITION_REASONS) as ConditionReason[])('whatever stalls a resource (%s) has failed', (reason) => {
  const status = compute(stalled(reason));
  expect([judgeByKstatus(4, status), judgeByArgo(status)]).toEqual(['Failed', 'Degraded']);
});

it('says of the whole only what Argo CD knows, whatever the components say', () => {
  const states: Summary['state'][] = [
    'installed',
    'progressing',
    'failing',
    'unknown',
    'stalled',
    'paused',
    'deleting',
  ];
  for (const [, input] of CASES)
    for (const state of states) {
      const override: Summary = { state, reason: 'Conflict', message: 'text' };
      expect(Object.keys(ARGO_CD)).toContain(compute({ ...input, override }).status);
    }
});

// What GitOps tools make of our status: kstatus (Flux, Helm 4, kpt) of the conditions, Argo CD's built-in check for
// IstioOperators of `status.status` alone (the rules of both are written down here in our own words), and our own checks for
// Argo CD in config/argocd, which a Lua interpreter runs.
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Json } from '../../src/core/kube-object.ts';
import { CONDITION_REASONS, type ConditionReason } from '../../src/api/install/conditions.ts';
import type { IstioOperatorStatus } from '../../src/api/install/istio-operator-status.ts';
import type { ComponentObservation } from '../../src/core/status/component-status.ts';
import { istioOperatorDefinition } from '../crd/istio-operator-crd.ts';
import { readHealthChecks, runHealthCheck } from './lua-check.ts';
import { computeStatus, type StatusInput } from '../../src/core/status/compute-status.ts';
import type { Summary } from '../../src/core/status/conditions.ts';

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

const CHECKS = readHealthChecks();

async function judgeByLua(kind: string, resource: object): Promise<string> {
  const { status, message } = await runHealthCheck(CHECKS.get(kind) ?? '', resource as Json);
  // Argo CD shows no resource without one.
  expect(message).toMatch(/./);
  return status;
}

const judge = (generation: number, status: IstioOperatorStatus): Promise<string> =>
  judgeByLua('install.istio.io_IstioOperator', { metadata: { generation }, status });

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
  ...(['Paused', 'ApprovalRequired'] as const).flatMap((reason): typeof CASES => {
    const override: Summary = { state: 'restrained', reason, message: 'asked' };
    const previous = { appliedGeneration: 3 };
    return [
      [`what runs while nothing newer is written (${reason})`, { override, previous }, 'Current', 'Healthy'],
      [`pods that fail meanwhile (${reason})`, { ...pods('failed'), override, previous }, 'InProgress', 'Degraded'],
    ];
  }),
  ['a removal', { override: { state: 'deleting', reason: 'Deleting', message: 'd' } }, 'InProgress', 'Progressing'],
];

describe('what is told of', () => {
  it.each(CASES)('%s', async (what, input, kstatus, argo) => {
    const status = compute(input);
    expect(judgeByKstatus(4, status)).toBe(kstatus);
    expect(judgeByArgo(status)).toBe(argo);
    if (what !== 'a removal') expect(await judge(4, status)).toBe(argo === 'Unknown' ? 'Healthy' : argo);
  });

  it('a generation that nobody has looked at is that it is under way', async () => {
    const [version] = istioOperatorDefinition().spec.versions as {
      schema: { openAPIV3Schema: { properties: { status: { default: IstioOperatorStatus } } } };
    }[];
    const unseen = version?.schema.openAPIV3Schema.properties.status.default ?? {};
    for (const status of [compute({}), compute(stalled('InvalidResource')), unseen]) {
      expect(await judge(5, status)).toBe('Progressing');
      expect(judgeByKstatus(5, status)).toBe('InProgress');
    }
    expect(await judgeByLua('install.istio.io_IstioOperator', { metadata: { generation: 1 } })).toBe('Progressing');
  });

  it('a first installation that waits for a person is that it is under way', async () => {
    const override: Summary = { state: 'restrained', reason: 'ApprovalRequired', message: 'asked' };
    const status = compute({ observations: [], override });
    expect([judgeByKstatus(4, status), await judge(4, status)]).toEqual(['InProgress', 'Progressing']);
  });

  it('a resource that is being removed is no fault', async () => {
    const status = compute({ override: { state: 'deleting', reason: 'Deleting', message: 'd' } });
    const metadata = { generation: 4, deletionTimestamp: '2026-01-01T00:00:00Z' };
    expect(await judgeByLua('install.istio.io_IstioOperator', { metadata, status })).toBe('Progressing');
  });
});

it.each(Object.keys(CONDITION_REASONS) as ConditionReason[])(
  'whatever stalls a resource (%s) has failed',
  async (reason) => {
    const status = compute(stalled(reason));
    const verdicts = [judgeByKstatus(4, status), judgeByArgo(status), await judge(4, status)];
    expect(verdicts).toEqual(['Failed', 'Degraded', 'Degraded']);
  },
);

it('says of the whole only what Argo CD knows, whatever the components say', () => {
  const states: Summary['state'][] = [
    'installed',
    'progressing',
    'failing',
    'unknown',
    'stalled',
    'restrained',
    'deleting',
  ];
  for (const [, input] of CASES)
    for (const state of states) {
      const override: Summary = { state, reason: 'Conflict', message: 'text' };
      expect(Object.keys(ARGO_CD)).toContain(compute({ ...input, override }).status);
    }
});

describe('a report of analysis', () => {
  const finding = { code: 'IST0101', kind: 'VirtualService', resource: 'shop', message: 'no such host' };
  it.each<[what: string, report: object, status: string]>([
    ['with errors', { summary: { errors: 2, warnings: 1 }, findings: [finding] }, 'Degraded'],
    ['with warnings alone', { summary: { errors: 0, warnings: 3 }, findings: [finding] }, 'Healthy'],
    ['that is empty', {}, 'Healthy'],
  ])('%s', async (_what, report, status) => {
    expect(await judgeByLua('sailwright.dev_AnalysisReport', report)).toBe(status);
  });

  it('names its first error', async () => {
    const report = { summary: { errors: 1, warnings: 0 }, findings: [finding] };
    const health = await runHealthCheck(CHECKS.get('sailwright.dev_AnalysisReport') ?? '', report);
    expect(health.message).toContain('IST0101 VirtualService shop: no such host');
  });
});

it('has a check for each kind of ours', async () => {
  const folder = join(import.meta.dirname, '../../config/crd/bases');
  const definitions = (await readdir(folder)).map(
    (name) => parse(readFileSync(join(folder, name), 'utf8')) as Definition,
  );
  expect([...CHECKS.keys()].sort()).toEqual(definitions.map(({ spec }) => `${spec.group}_${spec.names.kind}`).sort());
});

interface Definition {
  spec: { group: string; names: { kind: string } };
}

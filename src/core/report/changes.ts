import { MIGRATION_STEPS, type MutualTlsMigrationStatus } from '../../api/mtls/mutual-tls-migration.ts';
import type { ProxyRolloutStatus } from '../../api/rollout/proxy-rollout.ts';
import type { TrafficShiftSpec, TrafficShiftStatus } from '../../api/shift/traffic-shift.ts';
import type { StagedStatus } from '../../api/staged/staged-status.ts';
import { isJsonObject, type KubeObject } from '../kube-object.ts';
import { changeName } from './change-text.ts';
import type { MigrationRow, RolloutRow, ShiftRow, StagedRow } from './mesh-report.ts';

/** A ProxyRollout by what its status says. */
export function describeRollout(resource: KubeObject): RolloutRow {
  const { wave = '', waves = 0, counts, target, underWay = [], blocked = [] } = statusOf<ProxyRolloutStatus>(resource);
  return {
    ...describeChange(resource),
    stepName: wave,
    steps: waves,
    ...(counts ? { counts } : {}),
    ...(target ? { target } : {}),
    underWay,
    blocked,
  };
}

/** The same of a TrafficShift. */
export function describeShift(resource: KubeObject): ShiftRow {
  const { weight, target, before, owner } = statusOf<TrafficShiftStatus>(resource);
  const { route } = specOf<Partial<TrafficShiftSpec>>(resource);
  return {
    ...describeChange(resource),
    stepName: target === undefined ? '' : `${target} %`,
    route: route ? `${route.kind ?? 'VirtualService'}/${route.name}` : '',
    ...(weight === undefined ? {} : { weight }),
    ...(target === undefined ? {} : { target }),
    ...(before ? { before } : {}),
    ...(owner ? { owner } : {}),
  };
}

/** The same of a MutualTLSMigration. */
export function describeMigration(resource: KubeObject): MigrationRow {
  const {
    mode = '',
    policy = '',
    step,
    strictSince,
    owner,
    report = [],
  } = statusOf<MutualTlsMigrationStatus>(resource);
  return {
    ...describeChange(resource),
    stepName: step === undefined ? '' : (MIGRATION_STEPS[Math.min(step, MIGRATION_STEPS.length - 1)] ?? ''),
    mode,
    policy,
    ...(strictSince === undefined ? {} : { strictSince }),
    ...(owner === undefined ? {} : { owner }),
    report,
  };
}

/** Changes in the order of their names. */
export function describeAll<R extends StagedRow>(
  resources: readonly KubeObject[],
  describe: (resource: KubeObject) => R,
): R[] {
  return resources.map(describe).sort((a, b) => (changeName(a) < changeName(b) ? -1 : 1));
}

function describeChange(resource: KubeObject): Omit<StagedRow, 'stepName'> {
  const status = statusOf(resource);
  const { phase = '', message = '', step = 0, steps = 0, gates = [], conditions } = status;
  return {
    namespace: resource.metadata.namespace ?? '',
    name: resource.metadata.name,
    phase,
    reason: conditions?.find(({ type }) => type === 'Ready')?.reason ?? '',
    message,
    step,
    steps,
    isSuspended: specOf<{ suspend?: boolean }>(resource).suspend === true,
    ...whatIsKnown(status),
    gates,
  };
}

function whatIsKnown({
  since,
  startedAt,
  nextAt,
  cause,
}: StagedStatus): Pick<StagedRow, 'since' | 'startedAt' | 'nextAt' | 'cause'> {
  return {
    ...(since === undefined ? {} : { since }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(nextAt === undefined ? {} : { nextAt }),
    ...(cause ? { cause } : {}),
  };
}

/** Written by our operator by the schema of the type, and by nobody else. */
function statusOf<S extends StagedStatus = StagedStatus>({ status }: KubeObject): S {
  return (isJsonObject(status) ? status : {}) as S;
}

function specOf<S extends object>({ spec }: KubeObject): S {
  return (isJsonObject(spec) ? spec : {}) as S;
}

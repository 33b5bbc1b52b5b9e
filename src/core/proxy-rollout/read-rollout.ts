import { decode } from '../../api/decode.ts';
import { fieldPath, itemPath } from '../../api/field-path.ts';
import { proxyRolloutSpec, type ProxyRolloutSpec } from '../../api/rollout/proxy-rollout.ts';
import type { MetricsSpec } from '../../api/staged/staged-spec.ts';
import type { Fault, Problem } from '../problem.ts';
import type { Labels } from '../label-selector.ts';
import { findMetricFaults } from '../staged/metric-faults.ts';
import { findNegative, millisOf } from '../staged/read-times.ts';
import { findSharedFaults, stagedPlanOf, type StagedPlan } from '../staged/staged-plan.ts';

/** A wave, read. */
export interface Wave {
  name: string;
  /** Undefined for all of the rollout. */
  namespaces?: ReadonlySet<string>;
  labels: Labels;
  maxParallel: number;
}

/** Limits of the gates that need no Prometheus. Times in milliseconds. */
export interface GateLimits {
  maxProxyRestarts: number;
  readyMs: number;
  pendingMs: number;
}

/** A spec that can be carried out. */
export interface RolloutPlan extends StagedPlan {
  target: { revision?: string | undefined; tag?: string | undefined };
  /** Undefined for its own namespace. */
  namespaces?: { names?: ReadonlySet<string>; labels: Labels };
  labels: Labels;
  waves: readonly Wave[];
  strategy: 'Auto' | 'Restart' | 'Evict';
  limits: GateLimits;
  metrics?: MetricsSpec;
}

type WaveSpec = NonNullable<ProxyRolloutSpec['waves']>[number];

const MINUTE_MS = 60_000;
/** All that is under way is named in the status. */
const MAX_PARALLEL = 100;

/**
 * Reads the spec of a ProxyRollout. `mayReachOut`: it is in a namespace for control planes. `mayQuery`: own queries may
 * be asked.
 */
export function readRollout(
  spec: unknown,
  { mayReachOut, mayQuery }: { mayReachOut: boolean; mayQuery: boolean },
): { ok: true; plan: RolloutPlan } | { ok: false; problems: Problem[] } {
  const decoded = decode(proxyRolloutSpec, spec, 'spec');
  if (!decoded.ok) return decoded;
  const value = decoded.value ?? {};
  const problems = [
    ...findScopeFaults(value, mayReachOut),
    ...findTargetFaults(value),
    ...findWaveFaults(value),
    ...findSharedFaults(value),
    ...findMetricFaults(value.metrics, { mayQuery }),
    ...findLimitFaults(value),
  ];
  return problems.length > 0 ? { ok: false, problems } : { ok: true, plan: planOf(value) };
}

function planOf(spec: ProxyRolloutSpec): RolloutPlan {
  const { target = {}, namespaces, workloads, onFailure = 'Pause' } = spec;
  const waves: readonly WaveSpec[] = spec.waves?.length ? spec.waves : [{ name: 'all' }];
  return {
    target,
    ...(namespaces ? { namespaces: namespaceSelection(namespaces) } : {}),
    labels: workloads?.matchLabels ?? {},
    waves: waves.map((wave) => ({
      name: wave.name,
      ...(wave.namespaces ? { namespaces: new Set(wave.namespaces) } : {}),
      labels: wave.workloads?.matchLabels ?? {},
      maxParallel: wave.maxParallel ?? 1,
    })),
    strategy: spec.strategy ?? 'Auto',
    limits: limitsOf(spec),
    ...(spec.metrics ? { metrics: spec.metrics } : {}),
    ...stagedPlanOf(spec, {
      steps: waves.map(({ name, soak, approval = false }) => ({
        name,
        soakMs: millisOf(soak, MINUTE_MS),
        needsApproval: approval,
      })),
      onFailure,
      hasWayBack: target.tag !== undefined,
    }),
  };
}

function limitsOf({ gates = {} }: ProxyRolloutSpec): GateLimits {
  return {
    maxProxyRestarts: gates.maxProxyRestarts ?? 0,
    readyMs: millisOf(gates.readyTimeout, 10 * MINUTE_MS),
    pendingMs: millisOf(gates.pendingTimeout, 2 * MINUTE_MS),
  };
}

function namespaceSelection({
  names,
  matchLabels = {},
}: NonNullable<ProxyRolloutSpec['namespaces']>): NonNullable<RolloutPlan['namespaces']> {
  return { ...(names ? { names: new Set(names) } : {}), labels: matchLabels };
}

function findScopeFaults({ namespaces, target }: ProxyRolloutSpec, mayReachOut: boolean): Problem[] {
  if (mayReachOut) return [];
  const hint = 'use a ProxyRollout in the namespace of the control plane';
  return [
    ...(namespaces
      ? [
          fault('spec.namespaces', {
            code: 'NamespaceForbidden',
            message: 'a rollout here renews the workloads of its own namespace only',
            hint,
          }),
        ]
      : []),
    // A tag is of all namespaces that name it: who may restart in one of them may not move it.
    ...(target?.tag !== undefined
      ? [
          fault('spec.target.tag', {
            code: 'NamespaceForbidden',
            message: 'a rollout here may not move a tag back',
            hint: `name the revision, or ${hint}`,
          }),
        ]
      : []),
  ];
}

function findTargetFaults({ target, onFailure }: ProxyRolloutSpec): Problem[] {
  if (target?.revision !== undefined && target.tag !== undefined) {
    return [
      fault('spec.target', { code: 'FieldsExclusive', message: 'both revision and tag are set', hint: 'keep one' }),
    ];
  }
  if (onFailure !== 'Rollback' || target?.tag !== undefined) return [];
  const hint = 'set spec.target.tag, or Pause';
  return [fault('spec.onFailure', { code: 'SettingsContradict', message: 'Rollback needs a tag to move back', hint })];
}

function findWaveFaults({ waves = [] }: ProxyRolloutSpec): Problem[] {
  const names = waves.map(({ name }) => name);
  return waves.flatMap(({ name, maxParallel = 1, soak }, index) => {
    const path = itemPath('spec.waves', index);
    return [
      ...(typeof name === 'string' && /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/.test(name)
        ? []
        : [
            fault(fieldPath(path, 'name'), {
              code: 'DecodingFailed',
              message: 'a wave needs a name of letters, digits, dots and dashes',
            }),
          ]),
      ...(names.indexOf(name) === index
        ? []
        : [fault(fieldPath(path, 'name'), { code: 'DecodingFailed', message: `there is another wave ${name}` })]),
      ...(maxParallel >= 1 && maxParallel <= MAX_PARALLEL
        ? []
        : [
            fault(fieldPath(path, 'maxParallel'), {
              code: 'DecodingFailed',
              message: `must be from 1 to ${MAX_PARALLEL}`,
            }),
          ]),
      ...findNegative(soak, fieldPath(path, 'soak')),
    ];
  });
}

function findLimitFaults({ gates = {} }: ProxyRolloutSpec): Problem[] {
  const restarts = gates.maxProxyRestarts ?? 0;
  return [
    ...findNegative(gates.readyTimeout, 'spec.gates.readyTimeout'),
    ...findNegative(gates.pendingTimeout, 'spec.gates.pendingTimeout'),
    ...(restarts >= 0
      ? []
      : [fault('spec.gates.maxProxyRestarts', { code: 'DecodingFailed', message: 'must be 0 or more' })]),
  ];
}

function fault(path: string, what: Fault): Problem {
  return { path, ...what };
}

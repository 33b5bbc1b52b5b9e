import { decode } from '../../api/decode.ts';
import {
  MIGRATION_STEPS,
  mutualTlsMigrationSpec,
  type MutualTlsMigrationSpec,
} from '../../api/mtls/mutual-tls-migration.ts';
import type { ReadinessReason } from '../../api/mtls/reasons.ts';
import type { Labels } from '../label-selector.ts';
import type { Problem } from '../problem.ts';
import { findMetricFaults } from '../staged/metric-faults.ts';
import { metricGatesOf, type MetricGate } from '../staged/metric-gates.ts';
import { fault } from '../staged/fault.ts';
import { findNegative, millisOf } from '../staged/read-times.ts';
import { findSharedFaults, stagedPlanOf, type StagedPlan } from '../staged/staged-plan.ts';

/** What becomes STRICT. */
export type MigrationScope = { kind: 'mesh' } | { kind: 'namespace' } | { kind: 'workload'; labels: Labels };

/** A spec that can be carried out. */
export interface MigrationPlan extends StagedPlan {
  scope: MigrationScope;
  accepted: ReadonlySet<ReadinessReason>;
  /** PromQL with a series for each caller that sends plain text. */
  callersQuery: string;
  gates: readonly MetricGate[];
}

export const STRICT_STEP = 1;

const HOUR_MS = 60 * 60_000;

/** Reads the spec of a MutualTLSMigration. `mayReachOut`: it is in a namespace for control planes. */
export function readMigration(
  spec: unknown,
  { namespace, mayQuery, mayReachOut }: { namespace: string; mayQuery: boolean; mayReachOut: boolean },
): { ok: true; plan: MigrationPlan } | { ok: false; problems: Problem[] } {
  const decoded = decode(mutualTlsMigrationSpec, spec, 'spec');
  if (!decoded.ok) return decoded;
  const value = decoded.value ?? {};
  const problems = [
    ...findScopeFaults(value, mayReachOut),
    ...findNegative(value.observe, 'spec.observe'),
    ...findNegative(value.soak, 'spec.soak'),
    ...findSharedFaults(value),
    ...findMetricFaults(value.metrics, {
      mayQuery,
      ...(value.mesh ? { missingSubject: 'metrics.queries, since no gate is for the whole mesh' } : {}),
    }),
    ...(value.callers?.query !== undefined && !mayQuery ? [foreignQuery()] : []),
  ];
  return problems.length > 0 ? { ok: false, problems } : { ok: true, plan: planOf(value, namespace) };
}

function planOf(spec: MutualTlsMigrationSpec, namespace: string): MigrationPlan {
  const observeMs = millisOf(spec.observe, 24 * HOUR_MS);
  const scope: MigrationScope = spec.mesh
    ? { kind: 'mesh' }
    : spec.workload
      ? { kind: 'workload', labels: spec.workload.matchLabels }
      : { kind: 'namespace' };
  const soaks = [observeMs, millisOf(spec.soak, HOUR_MS)];
  return {
    scope,
    accepted: new Set(spec.accept ?? []),
    callersQuery: spec.callers?.query ?? usualCallers(scope, namespace, observeMs),
    gates: metricGatesOf(spec.metrics, spec.mesh ? undefined : { namespaces: [namespace] }),
    ...stagedPlanOf(spec, {
      steps: MIGRATION_STEPS.map((name, index) => ({
        name,
        soakMs: soaks[index] ?? 0,
        needsApproval: index === STRICT_STEP && spec.approval === true,
      })),
      onFailure: spec.onFailure ?? 'Rollback',
      hasWayBack: true,
    }),
  };
}

/** Requests and connections that came without mutual TLS, by who sent them to whom, in the time that is observed. */
function usualCallers(scope: MigrationScope, namespace: string, observeMs: number): string {
  const of = [
    'reporter="destination"',
    'connection_security_policy="none"',
    ...(scope.kind === 'mesh' ? [] : [`destination_workload_namespace=${JSON.stringify(namespace)}`]),
  ].join(',');
  const window = `[${Math.max(60, Math.round(observeMs / 1000))}s]`;
  const by = 'sum by (source_workload_namespace,source_workload,destination_workload)';
  const metrics = ['istio_requests_total', 'istio_tcp_connections_opened_total'];
  return metrics.map((metric) => `${by} (increase(${metric}{${of}}${window})) > 0`).join(' or ');
}

function findScopeFaults({ mesh, workload }: MutualTlsMigrationSpec, mayReachOut: boolean): Problem[] {
  if (mesh && workload)
    return [fault('spec.workload', 'the whole mesh has no workload', 'set one of mesh and workload')];
  if (mesh && !mayReachOut) {
    return [
      {
        path: 'spec.mesh',
        code: 'NamespaceForbidden',
        message: 'a migration here is for its own namespace only',
        hint: 'use one in the root namespace of the mesh',
      },
    ];
  }
  if (workload && Object.keys(workload.matchLabels).length === 0) {
    return [fault('spec.workload.matchLabels', 'must name a label', 'leave spec.workload out for the namespace')];
  }
  return [];
}

function foreignQuery(): Problem {
  return {
    path: 'spec.callers.query',
    code: 'NamespaceForbidden',
    message: 'own queries are asked with the credentials of the operator, and so only for namespaces of control planes',
    hint: 'leave it out, or use a Prometheus that asks for no token',
  };
}

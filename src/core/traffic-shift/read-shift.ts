import { decode } from '../../api/decode.ts';
import { fieldPath, itemPath } from '../../api/field-path.ts';
import { trafficShiftSpec, type TrafficShiftSpec } from '../../api/shift/traffic-shift.ts';
import type { Problem } from '../problem.ts';
import { fault } from '../staged/fault.ts';
import { findMetricFaults } from '../staged/metric-faults.ts';
import { metricGatesOf, type MetricGate } from '../staged/metric-gates.ts';
import { findNegative, millisOf } from '../staged/read-times.ts';
import { findSharedFaults, stagedPlanOf, type StagedPlan } from '../staged/staged-plan.ts';

/** Which destination of a route is meant. */
export interface DestinationChoice {
  host: string;
  subset?: string | undefined;
  port?: number | undefined;
}

/** A spec that can be carried out. */
export interface ShiftPlan extends StagedPlan {
  route: { kind: 'VirtualService' | 'HTTPRoute'; name: string; rule?: string | undefined };
  to: DestinationChoice;
  /** Deployment that serves the new destination. */
  workload?: string | undefined;
  /** Percent for the new destination, for each step. */
  weights: readonly number[];
  gates: readonly MetricGate[];
}

type ShiftStep = NonNullable<TrafficShiftSpec['steps']>[number];

const USUAL_STEPS: readonly ShiftStep[] = [1, 5, 10, 50, 100].map((weight) => ({ weight }));
const SOAK_MS = 5 * 60_000;
const MAX_STEPS = 100;

/** Reads the spec of a TrafficShift. `mayQuery`: whether own queries may be asked. */
export function readShift(
  spec: unknown,
  { namespace, mayQuery }: { namespace: string; mayQuery: boolean },
): { ok: true; plan: ShiftPlan } | { ok: false; problems: Problem[] } {
  const decoded = decode(trafficShiftSpec, spec, 'spec');
  if (!decoded.ok) return decoded;
  const value = decoded.value;
  if (!value?.route?.name || !value.to?.host) {
    return { ok: false, problems: [fault('spec', 'a shift needs spec.route.name and spec.to.host')] };
  }
  const problems = [
    ...findStepFaults(value.steps),
    ...findSharedFaults(value),
    ...findMetricFaults(value.metrics, {
      mayQuery,
      ...(value.to.workload === undefined ? { missingSubject: 'spec.to.workload' } : {}),
    }),
    ...(value.route.kind === 'HTTPRoute' && value.to.subset !== undefined
      ? [fault('spec.to.subset', 'an HTTPRoute knows no subsets', 'name the Service of the new version')]
      : []),
  ];
  return problems.length > 0 ? { ok: false, problems } : { ok: true, plan: planOf(value, namespace) };
}

function planOf(spec: TrafficShiftSpec, namespace: string): ShiftPlan {
  const { route, to, onFailure = 'Rollback' } = spec;
  const { workload, ...destination } = to;
  const steps = stepsOf(spec.steps);
  return {
    route: { ...route, kind: route.kind ?? 'VirtualService' },
    to: destination,
    workload,
    weights: steps.map(({ weight }) => weight),
    gates: metricGatesOf(
      spec.metrics,
      workload === undefined ? undefined : { namespaces: [namespace], workloads: [workload] },
    ),
    ...stagedPlanOf(spec, {
      steps: steps.map(({ weight, soak, approval = false }) => ({
        name: String(weight),
        soakMs: millisOf(soak, SOAK_MS),
        needsApproval: approval,
      })),
      onFailure,
      hasWayBack: true,
    }),
  };
}

function stepsOf(steps: readonly ShiftStep[] | undefined): readonly ShiftStep[] {
  return steps?.length ? steps : USUAL_STEPS;
}

function findStepFaults(steps: readonly ShiftStep[] = []): Problem[] {
  const tooMany = steps.length > MAX_STEPS ? [fault('spec.steps', `must be ${MAX_STEPS} steps at the most`)] : [];
  return [
    ...tooMany,
    ...steps.flatMap(({ weight, soak }, index) => {
      const path = itemPath('spec.steps', index);
      const before = steps[index - 1]?.weight ?? 0;
      return [
        ...findWeightFaults(weight, before, fieldPath(path, 'weight')),
        ...findNegative(soak, fieldPath(path, 'soak')),
      ];
    }),
  ];
}

function findWeightFaults(weight: number, before: number, path: string): Problem[] {
  if (!(weight >= 1 && weight <= 100)) return [fault(path, 'must be from 1 to 100')];
  return weight > before ? [] : [fault(path, `must be above ${before}, the weight of the step before`)];
}

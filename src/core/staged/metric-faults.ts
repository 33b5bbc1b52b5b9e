import type { BoundsSpec, MetricsSpec } from '../../api/staged/staged-spec.ts';
import { fieldPath, itemPath } from '../../api/field-path.ts';
import type { Problem } from '../problem.ts';
import { fault } from './fault.ts';
import { millisOf } from './read-times.ts';

const PATH = 'spec.metrics';

/** What own queries may ask is decided by who asks. */
export interface MetricRights {
  /** Whether own queries may be asked: with the credentials of the operator, not everybody's. */
  mayQuery: boolean;
  /** Whether it is known whose requests Istio's metrics are to be judged by; otherwise, which field would tell. */
  missingSubject?: string;
}

/** Faults of `spec.metrics`. */
export function findMetricFaults(spec: MetricsSpec | undefined, { mayQuery, missingSubject }: MetricRights): Problem[] {
  if (!spec) return [];
  const { successRate, latency, queries = [], minTraffic } = spec;
  const standard = Object.entries({ successRate, latency }).filter(([, bounds]) => bounds !== undefined);
  return [
    ...standard.flatMap(([name, bounds]) => findBoundFaults(bounds ?? {}, fieldPath(PATH, name))),
    ...(standard.length > 0 && missingSubject !== undefined ? [noSubject(standard, missingSubject)] : []),
    ...findNonPositive(minTraffic, fieldPath(PATH, 'minTraffic')),
    ...(spec.window === undefined || millisOf(spec.window, 0) >= 1_000
      ? []
      : [fault(fieldPath(PATH, 'window'), 'must be 1s or more')]),
    ...(queries.length > 0 && !mayQuery ? [forbidden()] : []),
    ...queries.flatMap((query, index) => findQueryFaults(query, itemPath(fieldPath(PATH, 'queries'), index))),
    ...findTwins(queries),
  ];
}

type Query = NonNullable<MetricsSpec['queries']>[number];

const GATE_NAME = /^[A-Za-z]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?$/;

function findQueryFaults({ name, query, traffic, minTraffic, ...bounds }: Query, path: string): Problem[] {
  return [
    ...(GATE_NAME.test(name) ? [] : [fault(fieldPath(path, 'name'), 'must be of letters, digits and dashes')]),
    ...(query.trim() === '' ? [fault(fieldPath(path, 'query'), 'must not be empty')] : []),
    ...findBoundFaults(bounds, path),
    ...findNonPositive(minTraffic, fieldPath(path, 'minTraffic')),
    ...((traffic === undefined) === (minTraffic === undefined)
      ? []
      : [fault(path, 'traffic and minTraffic belong together', 'set both, or none')]),
  ];
}

/** Names that gates have of themselves. */
const TAKEN = [
  ...['successRate', 'latency', 'weights', 'workload', 'mode', 'pods', 'readiness'],
  ...['containers', 'restarts', 'injection', 'scheduling', 'workloads', 'controlPlane', 'target'],
];

function findTwins(queries: readonly Query[]): Problem[] {
  const names = queries.map(({ name }) => name);
  return names.flatMap((name, index) =>
    names.indexOf(name) === index && !TAKEN.includes(name)
      ? []
      : [fault(fieldPath(itemPath(fieldPath(PATH, 'queries'), index), 'name'), `there is another gate ${name}`)],
  );
}

function findBoundFaults(bounds: BoundsSpec, path: string): Problem[] {
  const { min, max, maxIncreasePercent, maxDecreasePercent } = bounds;
  const set = [min, max, maxIncreasePercent, maxDecreasePercent].filter((bound) => bound !== undefined);
  return [
    ...(set.length > 0
      ? []
      : [fault(path, 'a gate needs a bound', 'set min, max, maxIncreasePercent or maxDecreasePercent')]),
    ...(min !== undefined && max !== undefined && min > max ? [fault(path, 'min is above max')] : []),
    ...Object.entries({ maxIncreasePercent, maxDecreasePercent }).flatMap(([name, value]) =>
      value !== undefined && value < 0 ? [fault(fieldPath(path, name), 'must not be negative')] : [],
    ),
  ];
}

function findNonPositive(value: number | undefined, path: string): Problem[] {
  return value === undefined || value > 0 ? [] : [fault(path, 'must be more than 0')];
}

function noSubject([first]: readonly [string, unknown][], field: string): Problem {
  return fault(fieldPath(PATH, first?.[0] ?? ''), 'it is not known whose requests these are', `set ${field}`);
}

function forbidden(): Problem {
  return {
    path: fieldPath(PATH, 'queries'),
    code: 'NamespaceForbidden',
    message: 'own queries are asked with the credentials of the operator, and so only for namespaces of control planes',
    hint: 'use successRate and latency, or a Prometheus that asks for no token',
  };
}

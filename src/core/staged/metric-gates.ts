import type { BoundsSpec, MetricsSpec } from '../../api/staged/staged-spec.ts';
import type { QueryBounds } from '../steps/judge-query.ts';
import { millisOf } from './read-times.ts';

/** A gate that asks Prometheus. */
export interface MetricGate {
  name: string;
  bounds: QueryBounds;
  /** PromQL with one value as its answer. */
  query: string;
  /** PromQL for the requests in a second, by which `minTraffic` is judged. */
  traffic?: string;
}

/** Whose requests are judged. */
export interface MetricSubject {
  namespaces: readonly string[];
  /** All of the namespaces where it is absent. */
  workloads?: readonly string[];
}

const WINDOW_MS = 60_000;
const MIN_TRAFFIC = 0.1;

/** The gates that a spec asks for; those of Istio's metrics only where it is known whose requests they are. */
export function metricGatesOf(spec: MetricsSpec | undefined, subject: MetricSubject | undefined): MetricGate[] {
  if (!spec) return [];
  const own = (spec.queries ?? []).map(({ name, query, traffic, minTraffic, ...bounds }) => ({
    name,
    query,
    bounds: { ...boundsOf(bounds), ...(minTraffic === undefined ? {} : { minTraffic }) },
    ...(traffic === undefined ? {} : { traffic }),
  }));
  return subject ? [...standardGates(spec, subject), ...own] : own;
}

/** By the reports of both sides: a request that reached no pod is known to its caller only. */
function standardGates(spec: MetricsSpec, { namespaces, workloads }: MetricSubject): MetricGate[] {
  const ofWorkloads = workloads ? `,destination_workload${oneOf(workloads)}` : '';
  const labels = `destination_workload_namespace${oneOf(namespaces)}${ofWorkloads}`;
  const window = `[${Math.round(millisOf(spec.window, WINDOW_MS) / 1000)}s]`;
  const all = `istio_requests_total{${labels}}${window}`;
  const failed = `istio_requests_total{${labels},response_code=~"5.."}${window}`;
  const buckets = `istio_request_duration_milliseconds_bucket{${labels}}${window}`;
  // Each side counts a request: the busier one has seen all.
  const traffic = `max(sum by (reporter) (rate(${all})))`;
  const minTraffic = spec.minTraffic ?? MIN_TRAFFIC;
  const gate = (name: string, bounds: BoundsSpec | undefined, query: string): MetricGate[] =>
    bounds ? [{ name, query, traffic, bounds: { ...boundsOf(bounds), minTraffic } }] : [];
  return [
    ...gate('successRate', spec.successRate, `100 * (1 - (sum(rate(${failed})) or vector(0)) / sum(rate(${all})))`),
    ...gate('latency', spec.latency, `histogram_quantile(0.99, sum by (le) (rate(${buckets})))`),
  ];
}

/** Whether a gate compares with what was before. */
export function isRelative({ bounds }: Pick<MetricGate, 'bounds'>): boolean {
  return bounds.maxIncreasePercent !== undefined || bounds.maxDecreasePercent !== undefined;
}

function boundsOf({ min, max, maxIncreasePercent, maxDecreasePercent }: BoundsSpec): QueryBounds {
  const all = Object.entries({ min, max, maxIncreasePercent, maxDecreasePercent });
  return Object.fromEntries(all.filter(([, value]) => typeof value === 'number'));
}

/** A label with one of the values, in PromQL. */
function oneOf(values: readonly string[]): string {
  const [only = ''] = values;
  if (values.length <= 1) return `=${quote(only)}`;
  return `=~${quote(values.map((value) => value.replace(/[^A-Za-z0-9_-]/g, String.raw`\$&`)).join('|'))}`;
}

/** A label's value as PromQL writes it. */
function quote(text: string): string {
  return JSON.stringify(text);
}

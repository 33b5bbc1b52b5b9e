import { expect, it } from 'vitest';
import { isRelative, metricGatesOf } from './metric-gates.ts';

const SUBJECT = { namespaces: ['shop'], workloads: ['reviews-v2'] };

it('asks for the requests of the workload alone, and is silent below a tenth of a request in a second', () => {
  const [success, latency] = metricGatesOf({ successRate: { min: 99 }, latency: { max: 500 }, window: '5m' }, SUBJECT);
  const of = 'destination_workload_namespace="shop",destination_workload="reviews-v2"';
  expect(success).toEqual({
    name: 'successRate',
    bounds: { min: 99, minTraffic: 0.1 },
    query:
      `100 * (1 - (sum(rate(istio_requests_total{${of},response_code=~"5.."}[300s])) or vector(0)) / ` +
      `sum(rate(istio_requests_total{${of}}[300s])))`,
    traffic: `max(sum by (reporter) (rate(istio_requests_total{${of}}[300s])))`,
  });
  expect(latency?.query).toBe(
    `histogram_quantile(0.99, sum by (le) (rate(istio_request_duration_milliseconds_bucket{${of}}[300s])))`,
  );
});

it('keeps a name with a quote within its label', () => {
  const [gate] = metricGatesOf({ successRate: { min: 99 } }, { ...SUBJECT, workloads: ['a"} or up{b="'] });
  expect(gate?.query).toContain(String.raw`destination_workload="a\"} or up{b=\""`);
});

it('asks for all of several namespaces and workloads, each by its whole name', () => {
  const of = { namespaces: ['shop', 'bank'], workloads: ['v1.2', 'web'] };
  const [gate] = metricGatesOf({ successRate: { min: 99 } }, of);
  expect(gate?.query).toContain(
    String.raw`{destination_workload_namespace=~"shop|bank",destination_workload=~"v1\\.2|web"}`,
  );
});

it('asks own queries as they are, with or without a workload', () => {
  const query = { name: 'errors', query: 'sum(errors)', max: 1, traffic: 'sum(all)', minTraffic: 2 };
  const gate = { name: 'errors', query: 'sum(errors)', traffic: 'sum(all)', bounds: { max: 1, minTraffic: 2 } };
  expect(metricGatesOf({ queries: [query], successRate: { min: 1 } }, undefined)).toEqual([gate]);
  expect(metricGatesOf({ queries: [query] }, SUBJECT)).toEqual([gate]);
  expect(metricGatesOf(undefined, SUBJECT)).toEqual([]);
});

it('knows which gates compare with what was before', () => {
  expect(isRelative({ bounds: { max: 1 } })).toBe(false);
  expect(isRelative({ bounds: { maxIncreasePercent: 0 } })).toBe(true);
  expect(isRelative({ bounds: { maxDecreasePercent: 5 } })).toBe(true);
});

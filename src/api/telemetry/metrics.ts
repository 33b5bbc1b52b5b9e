import type { z } from 'zod';
import { bool, duration, enumeration, field, list, map, message, string, wrapped } from '../proto/message-schema.ts';
import { providerRef, workloadMode } from './provider-ref.ts';

export const istioMetric = enumeration([
  'ALL_METRICS',
  'REQUEST_COUNT',
  'REQUEST_DURATION',
  'REQUEST_SIZE',
  'RESPONSE_SIZE',
  'TCP_OPENED_CONNECTIONS',
  'TCP_CLOSED_CONNECTIONS',
  'TCP_SENT_BYTES',
  'TCP_RECEIVED_BYTES',
  'GRPC_REQUEST_MESSAGES',
  'GRPC_RESPONSE_MESSAGES',
]);

/** Which metrics are meant. */
export const metricSelector = message(
  'MetricSelector',
  () => ({
    metric: field(istioMetric, "One of Istio's own metrics."),
    customMetric: field(string, 'A metric by its name.', { minLength: 1 }),
    mode: field(workloadMode, 'Side of the call: of the caller (CLIENT), of the callee (SERVER), or both.'),
  }),
  { oneOfs: [['metric', 'customMetric']] },
);
export type MetricSelector = z.infer<typeof metricSelector>;

export const tagOperation = enumeration(['UPSERT', 'REMOVE']);

/** A change to a dimension of a metric. */
export const tagOverride = message(
  'TagOverride',
  () => ({
    operation: field(tagOperation, 'Sets the dimension (UPSERT) or takes it away (REMOVE).'),
    value: field(string, 'CEL expression that gives the value, for UPSERT.'),
  }),
  {
    rules: [
      {
        rule: '((has(self.operation) ? self.operation : "") == "UPSERT") ? (self.value != "") : true',
        message: 'UPSERT needs a value',
      },
      {
        rule: '((has(self.operation) ? self.operation : "") == "REMOVE") ? !has(self.value) : true',
        message: 'REMOVE takes no value',
      },
    ],
  },
);
export type TagOverride = z.infer<typeof tagOverride>;

/** Changes to metrics. */
export const metricsOverrides = message('MetricsOverrides', () => ({
  match: field(metricSelector, 'Metrics that are changed; all when left out.'),
  disabled: field(wrapped(bool), 'Turns the metrics off.'),
  tagOverrides: field(map(tagOverride), 'Changes to dimensions by name.'),
}));
export type MetricsOverrides = z.infer<typeof metricsOverrides>;

/** How metrics are reported. */
export const metrics = message('Metrics', () => ({
  providers: field(list(providerRef), 'Where metrics are sent; those of the mesh when left out.'),
  overrides: field(list(metricsOverrides), 'Changes to metrics, in the order in which they are applied.'),
  reportingInterval: field(duration, 'Time between reports, for TCP.'),
}));
export type Metrics = z.infer<typeof metrics>;

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

export const metricSelector = message(
  'MetricSelector',
  () => ({
    metric: istioMetric,
    customMetric: field(string, '', { minLength: 1 }),
    mode: workloadMode,
  }),
  { oneOfs: [['metric', 'customMetric']] },
);
export type MetricSelector = z.infer<typeof metricSelector>;

export const tagOperation = enumeration(['UPSERT', 'REMOVE']);

export const tagOverride = message(
  'TagOverride',
  () => ({
    operation: tagOperation,
    value: string,
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

export const metricsOverrides = message('MetricsOverrides', () => ({
  match: metricSelector,
  disabled: wrapped(bool),
  tagOverrides: map(tagOverride),
}));
export type MetricsOverrides = z.infer<typeof metricsOverrides>;

export const metrics = message('Metrics', () => ({
  providers: list(providerRef),
  overrides: list(metricsOverrides),
  reportingInterval: duration,
}));
export type Metrics = z.infer<typeof metrics>;

import type { z } from 'zod';
import { bool, double, field, list, map, message, string, wrapped } from '../proto/message-schema.ts';
import { providerRef, workloadMode } from './provider-ref.ts';

export const tracingSelector = message('TracingSelector', () => ({
  mode: workloadMode,
}));
export type TracingSelector = z.infer<typeof tracingSelector>;

export const tracingLiteral = message(
  'TracingLiteral',
  () => ({
    value: field(string, '', { minLength: 1 }),
  }),
  { required: ['value'] },
);
export type TracingLiteral = z.infer<typeof tracingLiteral>;

export const tracingEnvironment = message(
  'TracingEnvironment',
  () => ({
    name: field(string, '', { minLength: 1 }),
    defaultValue: string,
  }),
  { required: ['name'] },
);
export type TracingEnvironment = z.infer<typeof tracingEnvironment>;

export const tracingRequestHeader = message(
  'TracingRequestHeader',
  () => ({
    name: field(string, '', { minLength: 1 }),
    defaultValue: string,
  }),
  { required: ['name'] },
);
export type TracingRequestHeader = z.infer<typeof tracingRequestHeader>;

export const tracingFormatter = message(
  'TracingFormatter',
  () => ({
    value: field(string, '', { minLength: 1 }),
  }),
  { required: ['value'] },
);
export type TracingFormatter = z.infer<typeof tracingFormatter>;

export const tracingCustomTag = message(
  'TracingCustomTag',
  () => ({
    literal: tracingLiteral,
    environment: tracingEnvironment,
    header: tracingRequestHeader,
    formatter: tracingFormatter,
  }),
  { oneOfs: [['literal', 'environment', 'header', 'formatter']] },
);
export type TracingCustomTag = z.infer<typeof tracingCustomTag>;

export const tracing = message('Tracing', () => ({
  match: tracingSelector,
  providers: list(providerRef),
  randomSamplingPercentage: field(wrapped(double), '', { minimum: 0, maximum: 100 }),
  disableSpanReporting: wrapped(bool),
  customTags: map(tracingCustomTag),
  useRequestIdForTraceSampling: wrapped(bool),
  enableIstioTags: wrapped(bool),
  disableContextPropagation: wrapped(bool),
}));
export type Tracing = z.infer<typeof tracing>;

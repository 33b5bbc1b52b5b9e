import type { z } from 'zod';
import { bool, double, field, list, map, message, string, wrapped } from '../proto/message-schema.ts';
import { providerRef, workloadMode } from './provider-ref.ts';

/** Which traces are meant. */
export const tracingSelector = message('TracingSelector', () => ({
  mode: field(workloadMode, 'Side of the call: of the caller (CLIENT), of the callee (SERVER), or both.'),
}));
export type TracingSelector = z.infer<typeof tracingSelector>;

/** A fixed text. */
export const tracingLiteral = message(
  'TracingLiteral',
  () => ({
    value: field(string, 'The text.', { minLength: 1 }),
  }),
  { required: ['value'] },
);
export type TracingLiteral = z.infer<typeof tracingLiteral>;

/** An environment variable of the proxy. */
export const tracingEnvironment = message(
  'TracingEnvironment',
  () => ({
    name: field(string, 'Name of the variable.', { minLength: 1 }),
    defaultValue: field(string, 'Value when the variable is not set.'),
  }),
  { required: ['name'] },
);
export type TracingEnvironment = z.infer<typeof tracingEnvironment>;

/** A header of the request. */
export const tracingRequestHeader = message(
  'TracingRequestHeader',
  () => ({
    name: field(string, 'Name of the header.', { minLength: 1 }),
    defaultValue: field(string, 'Value when the header is not there.'),
  }),
  { required: ['name'] },
);
export type TracingRequestHeader = z.infer<typeof tracingRequestHeader>;

/** A text with the operators of access logs. */
export const tracingFormatter = message(
  'TracingFormatter',
  () => ({
    value: field(string, 'The text, such as %REQ(:METHOD)%.', { minLength: 1 }),
  }),
  { required: ['value'] },
);
export type TracingFormatter = z.infer<typeof tracingFormatter>;

/** Where the value of a tag comes from. */
export const tracingCustomTag = message(
  'TracingCustomTag',
  () => ({
    literal: field(tracingLiteral, 'A fixed text.'),
    environment: field(tracingEnvironment, 'An environment variable of the proxy.'),
    header: field(tracingRequestHeader, 'A header of the request.'),
    formatter: field(tracingFormatter, 'A text with operators.'),
  }),
  { oneOfs: [['literal', 'environment', 'header', 'formatter']] },
);
export type TracingCustomTag = z.infer<typeof tracingCustomTag>;

/** How requests are traced. */
export const tracing = message('Tracing', () => ({
  match: field(tracingSelector, 'Which traces the settings are for.'),
  providers: field(list(providerRef), 'Where spans are sent; one provider at most takes effect.'),
  randomSamplingPercentage: field(
    wrapped(double),
    'Share of the requests that are traced, from 0 to 100; 1 when nothing else says so.',
    { minimum: 0, maximum: 100 },
  ),
  disableSpanReporting: field(wrapped(bool), 'Sends no spans but passes the headers on.'),
  customTags: field(map(tracingCustomTag), 'Further tags by name.'),
  useRequestIdForTraceSampling: field(
    wrapped(bool),
    "Whether the request's ID decides on sampling; true when left out.",
  ),
  enableIstioTags: field(wrapped(bool), "Whether Istio's own tags are set; true when left out."),
  disableContextPropagation: field(wrapped(bool), 'Does not pass the headers of traces on.'),
}));
export type Tracing = z.infer<typeof tracing>;

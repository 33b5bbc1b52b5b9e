import type { z } from 'zod';
import { double, duration, field, int32, message, string } from '../proto/message-schema.ts';

/** A share of the requests. */
export const percent = message('Percent', () => ({
  value: field(double, 'From 0 to 100; the smallest share above none is 0.0001.'),
}));
export type Percent = z.infer<typeof percent>;

/** Delays requests, to see what callers make of it. */
export const httpFaultDelay = message(
  'HttpFaultDelay',
  () => ({
    percent: field(int32, 'Whole percentage of the requests; use percentage.', {}, { deprecated: true }),
    fixedDelay: field(duration, 'Time that a request waits, at least 1ms.'),
    exponentialDelay: field(duration, 'Not supported.'),
    percentage: field(percent, 'Share of the requests that are delayed; none when left out.'),
  }),
  { oneOfs: [['fixedDelay', 'exponentialDelay']] },
);
export type HttpFaultDelay = z.infer<typeof httpFaultDelay>;

/** Answers requests with an error, to see what callers make of it. */
export const httpFaultAbort = message(
  'HttpFaultAbort',
  () => ({
    httpStatus: field(int32, 'HTTP status of the answer, from 200 to 599.'),
    grpcStatus: field(string, 'Name of the gRPC status of the answer, such as UNAVAILABLE.'),
    http2Error: field(string, 'Not supported.'),
    percentage: field(percent, 'Share of the requests that are answered so; none when left out.'),
  }),
  { oneOfs: [['httpStatus', 'grpcStatus', 'http2Error']] },
);
export type HttpFaultAbort = z.infer<typeof httpFaultAbort>;

/** Faults that are put into the traffic on purpose. */
export const httpFaultInjection = message('HttpFaultInjection', () => ({
  delay: field(httpFaultDelay, 'Delays requests.'),
  abort: field(httpFaultAbort, 'Answers requests with an error.'),
}));
export type HttpFaultInjection = z.infer<typeof httpFaultInjection>;

import type { z } from 'zod';
import { double, duration, field, int32, message, string } from '../proto/message-schema.ts';

export const percent = message('Percent', () => ({
  value: double,
}));
export type Percent = z.infer<typeof percent>;

export const httpFaultDelay = message(
  'HttpFaultDelay',
  () => ({
    percent: field(int32, '', {}, { deprecated: true }),
    fixedDelay: duration,
    exponentialDelay: duration,
    percentage: percent,
  }),
  { oneOfs: [['fixedDelay', 'exponentialDelay']] },
);
export type HttpFaultDelay = z.infer<typeof httpFaultDelay>;

export const httpFaultAbort = message(
  'HttpFaultAbort',
  () => ({
    httpStatus: int32,
    grpcStatus: string,
    http2Error: string,
    percentage: percent,
  }),
  { oneOfs: [['httpStatus', 'grpcStatus', 'http2Error']] },
);
export type HttpFaultAbort = z.infer<typeof httpFaultAbort>;

export const httpFaultInjection = message('HttpFaultInjection', () => ({
  delay: httpFaultDelay,
  abort: httpFaultAbort,
}));
export type HttpFaultInjection = z.infer<typeof httpFaultInjection>;

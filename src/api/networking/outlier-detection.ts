import type { z } from 'zod';
import { bool, duration, field, int32, limited, list, message, uint32, wrapped } from '../proto/message-schema.ts';

export const outlierDetection = message('OutlierDetection', () => ({
  consecutiveErrors: field(int32, '', {}, { deprecated: true }),
  splitExternalLocalOriginErrors: bool,
  consecutiveLocalOriginFailures: wrapped(uint32),
  consecutiveGatewayErrors: wrapped(uint32),
  consecutive5xxErrors: field(wrapped(uint32), '', {}, { protoName: 'consecutive_5xx_errors' }),
  interval: duration,
  baseEjectionTime: duration,
  maxEjectionPercent: int32,
  minHealthPercent: int32,
  outlierDetectionHttpErrorCodes: list(limited(uint32, { minimum: 100, maximum: 599 })),
}));
export type OutlierDetection = z.infer<typeof outlierDetection>;

import type { z } from 'zod';
import { bool, duration, field, int32, limited, list, message, uint32, wrapped } from '../proto/message-schema.ts';

/** Takes endpoints that fail out of the pool for a while. */
export const outlierDetection = message('OutlierDetection', () => ({
  consecutiveErrors: field(int32, 'Use consecutive5xxErrors or consecutiveGatewayErrors.', {}, { deprecated: true }),
  splitExternalLocalOriginErrors: field(bool, 'Counts failures to connect apart from answers with errors.'),
  consecutiveLocalOriginFailures: field(wrapped(uint32), 'Failures to connect in a row that eject an endpoint.'),
  consecutiveGatewayErrors: field(
    wrapped(uint32),
    'Answers 502, 503 or 504 in a row that eject an endpoint; 0 turns it off.',
  ),
  consecutive5xxErrors: field(
    wrapped(uint32),
    'Answers 5xx in a row that eject an endpoint, 5 when left out; 0 turns it off.',
    {},
    { protoName: 'consecutive_5xx_errors' },
  ),
  interval: field(duration, 'Time between checks, 10s when left out.'),
  baseEjectionTime: field(
    duration,
    'How long the first ejection lasts, 30s when left out; each further one lasts longer.',
  ),
  maxEjectionPercent: field(int32, 'Share of the endpoints that may be ejected at once, 10 when left out.'),
  minHealthPercent: field(int32, 'Below this share of healthy endpoints nothing is ejected.'),
  outlierDetectionHttpErrorCodes: field(
    list(limited(uint32, { minimum: 100, maximum: 599 })),
    'HTTP statuses that count as failures.',
  ),
  failurePercentageThreshold: field(wrapped(uint32), 'Share of failed requests that ejects an endpoint.', {
    minimum: 0,
    maximum: 100,
  }),
}));
export type OutlierDetection = z.infer<typeof outlierDetection>;

import type { z } from 'zod';
import { bool, duration, enumeration, field, list, message, string, wrapped } from '../proto/message-schema.ts';
import { stringMatch } from './string-match.ts';

export const unmatchedPreflights = enumeration(['UNSPECIFIED', 'FORWARD', 'IGNORE']);

export const corsPolicy = message('CorsPolicy', () => ({
  allowOrigin: field(list(string), '', {}, { deprecated: true }),
  allowOrigins: list(stringMatch),
  allowMethods: list(string),
  allowHeaders: list(string),
  exposeHeaders: list(string),
  maxAge: duration,
  allowCredentials: wrapped(bool),
  unmatchedPreflights: unmatchedPreflights,
}));
export type CorsPolicy = z.infer<typeof corsPolicy>;

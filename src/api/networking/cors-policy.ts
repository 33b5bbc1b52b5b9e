import type { z } from 'zod';
import { bool, duration, enumeration, field, list, message, string, wrapped } from '../proto/message-schema.ts';
import { stringMatch } from './string-match.ts';

export const unmatchedPreflights = enumeration(['UNSPECIFIED', 'FORWARD', 'IGNORE']);

/** Rules for requests of browsers from other origins. */
export const corsPolicy = message('CorsPolicy', () => ({
  allowOrigin: field(list(string), 'Use allowOrigins.', {}, { deprecated: true }),
  allowOrigins: field(list(stringMatch), 'Origins that may call.'),
  allowMethods: field(list(string), 'Methods that may be used.'),
  allowHeaders: field(list(string), 'Headers that may be sent.'),
  exposeHeaders: field(list(string), 'Headers of the response that the browser may show to scripts.'),
  maxAge: field(duration, 'How long the browser may remember the answer to a preflight.'),
  allowCredentials: field(wrapped(bool), 'Whether requests may carry credentials.'),
  unmatchedPreflights: field(
    unmatchedPreflights,
    'What happens to preflights of other origins: FORWARD to the service, or IGNORE.',
  ),
}));
export type CorsPolicy = z.infer<typeof corsPolicy>;

import type { z } from 'zod';
import { bool, field, list, message, string, wrapped } from '../proto/message-schema.ts';
import { providerRef, workloadMode } from './provider-ref.ts';

/** Which logs are meant. */
export const logSelector = message('LogSelector', () => ({
  mode: field(workloadMode, 'Side of the call: of the caller (CLIENT), of the callee (SERVER), or both.'),
}));
export type LogSelector = z.infer<typeof logSelector>;

/** Which requests are logged. */
export const logFilter = message('LogFilter', () => ({
  expression: field(string, 'CEL expression that is true for requests to log, such as response.code >= 400.'),
}));
export type LogFilter = z.infer<typeof logFilter>;

/** How requests are logged. */
export const accessLogging = message('AccessLogging', () => ({
  match: field(logSelector, 'Which logs the settings are for.'),
  providers: field(list(providerRef), 'Where logs are sent; those of the mesh when left out.'),
  disabled: field(wrapped(bool), 'Turns logs off.'),
  filter: field(logFilter, 'Which requests are logged; all when left out.'),
}));
export type AccessLogging = z.infer<typeof accessLogging>;

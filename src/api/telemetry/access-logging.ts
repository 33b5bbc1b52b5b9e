import type { z } from 'zod';
import { bool, list, message, string, wrapped } from '../proto/message-schema.ts';
import { providerRef, workloadMode } from './provider-ref.ts';

export const logSelector = message('LogSelector', () => ({
  mode: workloadMode,
}));
export type LogSelector = z.infer<typeof logSelector>;

export const logFilter = message('LogFilter', () => ({
  expression: string,
}));
export type LogFilter = z.infer<typeof logFilter>;

export const accessLogging = message('AccessLogging', () => ({
  match: logSelector,
  providers: list(providerRef),
  disabled: wrapped(bool),
  filter: logFilter,
}));
export type AccessLogging = z.infer<typeof accessLogging>;

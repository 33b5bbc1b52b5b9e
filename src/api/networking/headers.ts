import type { z } from 'zod';
import { list, map, message, string } from '../proto/message-schema.ts';

export const headerOperations = message('HeaderOperations', () => ({
  set: map(string),
  add: map(string),
  remove: list(string),
}));
export type HeaderOperations = z.infer<typeof headerOperations>;

export const headers = message('Headers', () => ({
  request: headerOperations,
  response: headerOperations,
}));
export type Headers = z.infer<typeof headers>;

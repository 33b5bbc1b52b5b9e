import type { z } from 'zod';
import { field, list, map, message, string } from '../proto/message-schema.ts';

/** Changes to the headers of a request or response. */
export const headerOperations = message('HeaderOperations', () => ({
  set: field(map(string), 'Headers that replace those of the same name.'),
  add: field(map(string), 'Values that are added to the headers of the same name.'),
  remove: field(list(string), 'Headers to remove.'),
}));
export type HeaderOperations = z.infer<typeof headerOperations>;

/** Changes to headers. */
export const headers = message('Headers', () => ({
  request: field(headerOperations, 'Changes before the request goes to the destination.'),
  response: field(headerOperations, 'Changes before the response goes to the caller.'),
}));
export type Headers = z.infer<typeof headers>;

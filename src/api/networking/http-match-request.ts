import type { z } from 'zod';
import { bool, list, map, message, string, uint32 } from '../proto/message-schema.ts';
import { stringMatch } from './string-match.ts';

export const httpMatchRequest = message('HttpMatchRequest', () => ({
  name: string,
  uri: stringMatch,
  scheme: stringMatch,
  method: stringMatch,
  authority: stringMatch,
  headers: map(stringMatch),
  port: uint32,
  sourceLabels: map(string),
  gateways: list(string),
  queryParams: map(stringMatch),
  ignoreUriCase: bool,
  withoutHeaders: map(stringMatch),
  sourceNamespace: string,
  statPrefix: string,
}));
export type HttpMatchRequest = z.infer<typeof httpMatchRequest>;

import type { z } from 'zod';
import { bool, field, list, map, message, string, uint32 } from '../proto/message-schema.ts';
import { stringMatch } from './string-match.ts';

/** Conditions on a request; all of them must hold. */
export const httpMatchRequest = message('HttpMatchRequest', () => ({
  name: field(string, 'Name that is added to that of the route in access logs.'),
  uri: field(stringMatch, 'Path of the request.'),
  scheme: field(stringMatch, 'Scheme of the request.'),
  method: field(stringMatch, 'HTTP method.'),
  authority: field(stringMatch, 'Host header of the request.'),
  headers: field(
    map(stringMatch),
    'Headers by name in lower case; an empty condition asks only that the header is there.',
  ),
  port: field(uint32, 'Port at which the request comes in.'),
  sourceLabels: field(map(string), 'Labels of the calling workload; has no effect for gateways.'),
  gateways: field(list(string), 'Gateways that the condition is for, in place of those at the top.'),
  queryParams: field(map(stringMatch), 'Query parameters by name.'),
  ignoreUriCase: field(bool, 'Compares exact and prefix of uri without regard to case.'),
  withoutHeaders: field(map(stringMatch), 'Headers that must not match.'),
  sourceNamespace: field(string, 'Namespace of the calling workload.'),
  statPrefix: field(string, 'Prefix of the metrics that are counted for this route.'),
}));
export type HttpMatchRequest = z.infer<typeof httpMatchRequest>;

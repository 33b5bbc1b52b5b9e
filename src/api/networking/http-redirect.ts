import type { z } from 'zod';
import { bytes, enumeration, field, message, string, uint32 } from '../proto/message-schema.ts';

export const redirectPortSelection = enumeration(['FROM_PROTOCOL_DEFAULT', 'FROM_REQUEST_PORT']);

/** Answers with another address. */
export const httpRedirect = message(
  'HttpRedirect',
  () => ({
    uri: field(string, 'Path of the new address.'),
    authority: field(string, 'Host of the new address.'),
    port: field(uint32, 'Port of the new address.'),
    derivePort: field(redirectPortSelection, 'How the port of the new address is found.'),
    scheme: field(string, 'http or https.'),
    redirectCode: field(uint32, 'HTTP status of the answer, 301 when left out.'),
    prefixRewrite: field(string, 'Replaces the prefix that was matched; not together with uri.'),
  }),
  { oneOfs: [['port', 'derivePort']] },
);
export type HttpRedirect = z.infer<typeof httpRedirect>;

/** Content of an answer. */
export const httpBody = message(
  'HttpBody',
  () => ({
    string: field(string, 'Content as text.'),
    bytes: field(bytes, 'Content as base64.'),
  }),
  { oneOfs: [['string', 'bytes']] },
);
export type HttpBody = z.infer<typeof httpBody>;

/** Answers without asking a service. */
export const httpDirectResponse = message(
  'HttpDirectResponse',
  () => ({
    status: field(uint32, 'HTTP status of the answer.'),
    body: field(httpBody, 'Content of the answer; 1 MiB at most.'),
  }),
  { required: ['status'] },
);
export type HttpDirectResponse = z.infer<typeof httpDirectResponse>;

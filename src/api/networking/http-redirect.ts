import type { z } from 'zod';
import { bytes, enumeration, message, string, uint32 } from '../proto/message-schema.ts';

export const redirectPortSelection = enumeration(['FROM_PROTOCOL_DEFAULT', 'FROM_REQUEST_PORT']);

export const httpRedirect = message(
  'HttpRedirect',
  () => ({
    uri: string,
    authority: string,
    port: uint32,
    derivePort: redirectPortSelection,
    scheme: string,
    redirectCode: uint32,
    prefixRewrite: string,
  }),
  { oneOfs: [['port', 'derivePort']] },
);
export type HttpRedirect = z.infer<typeof httpRedirect>;

export const httpBody = message(
  'HttpBody',
  () => ({
    string: string,
    bytes: bytes,
  }),
  { oneOfs: [['string', 'bytes']] },
);
export type HttpBody = z.infer<typeof httpBody>;

export const httpDirectResponse = message(
  'HttpDirectResponse',
  () => ({
    status: uint32,
    body: httpBody,
  }),
  { required: ['status'] },
);
export type HttpDirectResponse = z.infer<typeof httpDirectResponse>;

import type { z } from 'zod';
import { field, list, map, message, string, uint32 } from '../proto/message-schema.ts';
import { serverTlsSettings } from './server-tls-settings.ts';

export const port = message(
  'Port',
  () => ({
    number: uint32,
    protocol: string,
    name: string,
    targetPort: field(uint32, '', {}, { deprecated: true }),
  }),
  { required: ['number', 'protocol', 'name'] },
);
export type Port = z.infer<typeof port>;

export const server = message(
  'Server',
  () => ({
    port: port,
    bind: string,
    hosts: list(string),
    tls: serverTlsSettings,
    defaultEndpoint: string,
    name: string,
  }),
  { required: ['port', 'hosts'] },
);
export type Server = z.infer<typeof server>;

export const gateway = message('Gateway', () => ({
  servers: list(server),
  selector: map(string),
}));
export type Gateway = z.infer<typeof gateway>;

import type { z } from 'zod';
import { field, list, map, message, string, uint32 } from '../proto/message-schema.ts';
import { serverTlsSettings } from './server-tls-settings.ts';

/** A port of a gateway. */
export const port = message(
  'Port',
  () => ({
    number: field(uint32, 'Port number.'),
    protocol: field(string, 'HTTP, HTTPS, GRPC, HTTP2, MONGO, TCP or TLS.'),
    name: field(string, 'Name of the port, unique in the gateway.'),
    targetPort: field(uint32, 'Not supported here.', {}, { deprecated: true }),
  }),
  { required: ['number', 'protocol', 'name'] },
);
export type Port = z.infer<typeof port>;

/** A port with the hosts that it serves. */
export const server = message(
  'Server',
  () => ({
    port: field(port, 'Port at which the gateway listens.'),
    bind: field(string, 'Address at which the gateway listens, or unix:// and a path.'),
    hosts: field(list(string), 'Hosts that are served, as namespace/name; * for all, and as the first label at most.'),
    tls: field(serverTlsSettings, 'TLS of the port.'),
    defaultEndpoint: field(string, 'Address that traffic goes to by default.'),
    name: field(string, 'Name of the server for logs and metrics.'),
  }),
  { required: ['port', 'hosts'] },
);
export type Server = z.infer<typeof server>;

/** Ports, hosts and certificates of a load balancer at the edge of the mesh. */
export const gateway = message('Gateway', () => ({
  servers: field(list(server), 'Ports that are opened.'),
  selector: field(map(string), 'Labels of the pods that are the gateway, in any namespace by default.'),
}));
export type Gateway = z.infer<typeof gateway>;

import type { z } from 'zod';
import { field, list, message, string } from '../proto/message-schema.ts';
import { httpRoute } from './http-route.ts';
import { tcpRoute, tlsRoute } from './l4-route.ts';

/** How requests for hosts are routed. */
export const virtualService = message('VirtualService', () => ({
  hosts: field(
    list(string),
    'Hosts that the routes are for: names, with * as the first label at most, or IP addresses. None in a delegate.',
  ),
  gateways: field(
    list(string),
    'Gateways that use the routes, as namespace/name; mesh, the default, stands for all sidecars.',
  ),
  http: field(list(httpRoute), 'Routes for HTTP, in the order in which they are tried.'),
  tls: field(list(tlsRoute), 'Routes for TLS that is passed through, by server name.'),
  tcp: field(list(tcpRoute), 'Routes for other TCP.'),
  exportTo: field(list(string), 'Namespaces that see the routes: . is the own one, * all (the default).'),
}));
export type VirtualService = z.infer<typeof virtualService>;

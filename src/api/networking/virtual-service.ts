import type { z } from 'zod';
import { list, message, string } from '../proto/message-schema.ts';
import { httpRoute } from './http-route.ts';
import { tcpRoute, tlsRoute } from './l4-route.ts';

export const virtualService = message('VirtualService', () => ({
  hosts: list(string),
  gateways: list(string),
  http: list(httpRoute),
  tls: list(tlsRoute),
  tcp: list(tcpRoute),
  exportTo: list(string),
}));
export type VirtualService = z.infer<typeof virtualService>;

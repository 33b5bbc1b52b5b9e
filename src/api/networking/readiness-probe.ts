import type { z } from 'zod';
import { PORT_IN_RANGE } from '../proto/cel-rules.ts';
import { field, int32, limited, list, message, string, uint32 } from '../proto/message-schema.ts';

export const httpHeader = message('HttpHeader', () => ({
  name: field(string, '', { pattern: '^[-_A-Za-z0-9]+$' }),
  value: string,
}));
export type HttpHeader = z.infer<typeof httpHeader>;

export const httpHealthCheckConfig = message(
  'HttpHealthCheckConfig',
  () => ({
    path: string,
    port: field(uint32, '', { rules: [PORT_IN_RANGE] }),
    host: string,
    scheme: field(string, '', {
      rules: [{ rule: 'self in ["", "HTTP", "HTTPS"]', message: 'must be HTTP or HTTPS, in capitals' }],
    }),
    httpHeaders: list(httpHeader),
  }),
  { required: ['port'] },
);
export type HttpHealthCheckConfig = z.infer<typeof httpHealthCheckConfig>;

export const grpcHealthCheckConfig = message('GrpcHealthCheckConfig', () => ({
  port: field(uint32, '', { rules: [PORT_IN_RANGE] }),
  service: string,
}));
export type GrpcHealthCheckConfig = z.infer<typeof grpcHealthCheckConfig>;

export const tcpHealthCheckConfig = message(
  'TcpHealthCheckConfig',
  () => ({
    host: string,
    port: field(uint32, '', { rules: [PORT_IN_RANGE] }),
  }),
  { required: ['port'] },
);
export type TcpHealthCheckConfig = z.infer<typeof tcpHealthCheckConfig>;

export const execHealthCheckConfig = message(
  'ExecHealthCheckConfig',
  () => ({
    command: list(limited(string, { minLength: 1 })),
  }),
  { required: ['command'] },
);
export type ExecHealthCheckConfig = z.infer<typeof execHealthCheckConfig>;

export const readinessProbe = message(
  'ReadinessProbe',
  () => ({
    initialDelaySeconds: field(int32, '', { minimum: 0 }),
    timeoutSeconds: field(int32, '', { minimum: 0 }),
    periodSeconds: field(int32, '', { minimum: 0 }),
    successThreshold: field(int32, '', { minimum: 0 }),
    failureThreshold: field(int32, '', { minimum: 0 }),
    httpGet: httpHealthCheckConfig,
    tcpSocket: tcpHealthCheckConfig,
    exec: execHealthCheckConfig,
    grpc: grpcHealthCheckConfig,
  }),
  { oneOfs: [['httpGet', 'tcpSocket', 'exec', 'grpc']] },
);
export type ReadinessProbe = z.infer<typeof readinessProbe>;

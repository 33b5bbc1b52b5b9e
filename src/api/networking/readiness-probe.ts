import type { z } from 'zod';
import { PORT_IN_RANGE } from '../proto/cel-rules.ts';
import { field, int32, limited, list, message, string, uint32 } from '../proto/message-schema.ts';

/** A header of a health check. */
export const httpHeader = message('HttpHeader', () => ({
  name: field(string, 'Name of the header.', { pattern: '^[-_A-Za-z0-9]+$' }),
  value: field(string, 'Value of the header.'),
}));
export type HttpHeader = z.infer<typeof httpHeader>;

/** Healthy when a request is answered with a status from 200 to 399. */
export const httpHealthCheckConfig = message(
  'HttpHealthCheckConfig',
  () => ({
    path: field(string, 'Path that is asked for.'),
    port: field(uint32, 'Port of the workload.', { rules: [PORT_IN_RANGE] }),
    host: field(string, 'Host that is asked; the workload itself when left out.'),
    scheme: field(string, 'HTTP, the default, or HTTPS.', {
      rules: [{ rule: 'self in ["", "HTTP", "HTTPS"]', message: 'must be HTTP or HTTPS, in capitals' }],
    }),
    httpHeaders: field(list(httpHeader), 'Headers of the request.'),
  }),
  { required: ['port'] },
);
export type HttpHealthCheckConfig = z.infer<typeof httpHealthCheckConfig>;

/** Healthy when the gRPC health service says so. */
export const grpcHealthCheckConfig = message('GrpcHealthCheckConfig', () => ({
  port: field(uint32, 'Port of the workload.', { rules: [PORT_IN_RANGE] }),
  service: field(string, 'Service that is asked about.'),
}));
export type GrpcHealthCheckConfig = z.infer<typeof grpcHealthCheckConfig>;

/** Healthy when a connection can be made. */
export const tcpHealthCheckConfig = message(
  'TcpHealthCheckConfig',
  () => ({
    host: field(string, 'Host to connect to; the workload itself when left out.'),
    port: field(uint32, 'Port to connect to.', { rules: [PORT_IN_RANGE] }),
  }),
  { required: ['port'] },
);
export type TcpHealthCheckConfig = z.infer<typeof tcpHealthCheckConfig>;

/** Healthy when a command ends with exit code 0. */
export const execHealthCheckConfig = message(
  'ExecHealthCheckConfig',
  () => ({
    command: field(list(limited(string, { minLength: 1 })), 'Command with its arguments; no shell runs it.'),
  }),
  { required: ['command'] },
);
export type ExecHealthCheckConfig = z.infer<typeof execHealthCheckConfig>;

/** How it is found out whether a workload is healthy. */
export const readinessProbe = message(
  'ReadinessProbe',
  () => ({
    initialDelaySeconds: field(int32, 'Seconds before the first check.', { minimum: 0 }),
    timeoutSeconds: field(int32, 'Seconds that a check may take, 1 when left out.', { minimum: 0 }),
    periodSeconds: field(int32, 'Seconds between checks, 10 when left out.', { minimum: 0 }),
    successThreshold: field(int32, 'Good checks in a row after which a workload is healthy.', { minimum: 0 }),
    failureThreshold: field(int32, 'Bad checks in a row after which a workload is not healthy, 3 when left out.', {
      minimum: 0,
    }),
    httpGet: field(httpHealthCheckConfig, 'Checks by an HTTP request.'),
    tcpSocket: field(tcpHealthCheckConfig, 'Checks by a TCP connection.'),
    exec: field(execHealthCheckConfig, 'Checks by a command.'),
    grpc: field(grpcHealthCheckConfig, 'Checks by the gRPC health service.'),
  }),
  { oneOfs: [['httpGet', 'tcpSocket', 'exec', 'grpc']] },
);
export type ReadinessProbe = z.infer<typeof readinessProbe>;

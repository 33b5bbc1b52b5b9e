import type { Fault } from '../findings.ts';

const PROTOCOLS = {
  tcp: 'TCP',
  udp: 'UDP',
  grpc: 'GRPC',
  'grpc-web': 'GRPCWeb',
  http: 'HTTP',
  http_proxy: 'HTTP_PROXY',
  http2: 'HTTP2',
  https: 'HTTPS',
  tls: 'TLS',
  mongo: 'Mongo',
  redis: 'Redis',
  mysql: 'MySQL',
} as const;

/** What is spoken at a port. */
export type Protocol = (typeof PROTOCOLS)[keyof typeof PROTOCOLS] | 'Unsupported';

const BY_NAME: ReadonlyMap<string, Protocol> = new Map(Object.entries(PROTOCOLS));
const HTTP: ReadonlySet<Protocol> = new Set<Protocol>(['HTTP', 'HTTP2', 'HTTP_PROXY', 'GRPC', 'GRPCWeb']);
const TCP: ReadonlySet<Protocol> = new Set<Protocol>(['TCP', 'HTTPS', 'TLS', 'Mongo', 'Redis', 'MySQL']);

/** The protocol of a name in any case. */
export function parseProtocol(name: string | undefined): Protocol {
  return BY_NAME.get((name ?? '').toLowerCase()) ?? 'Unsupported';
}

/** Whether requests of HTTP can be seen. */
export function isHttp(protocol: Protocol): boolean {
  return HTTP.has(protocol);
}

/** Whether bytes are passed on without a look at requests. */
export function isTcp(protocol: Protocol): boolean {
  return TCP.has(protocol);
}

/** Whether the connection is encrypted. */
export function isTls(protocol: Protocol): boolean {
  return protocol === 'HTTPS' || protocol === 'TLS';
}

/** A protocol that must be known if it is given. */
export function findProtocolFault(name: string | undefined): Fault | undefined {
  if (name === undefined || name === '' || parseProtocol(name) !== 'Unsupported') return undefined;
  const known = Object.keys(PROTOCOLS)
    .map((key) => key.toUpperCase())
    .join(', ');
  return { code: 'ProtocolUnsupported', message: `${JSON.stringify(name)} is not a protocol: use one of ${known}` };
}

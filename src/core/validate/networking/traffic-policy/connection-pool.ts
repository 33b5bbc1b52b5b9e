import type {
  ConnectionKeepalive,
  ConnectionPoolSettings,
  HttpSettings,
  TcpSettings,
} from '../../../../api/networking/connection-pool.ts';
import { durationMillis, type Duration } from '../../../../api/proto/duration.ts';
import type { Findings } from '../../findings.ts';
import { findDurationFault } from '../../rules/duration.ts';

/** Records what is wrong with limits on connections and requests. */
export function checkConnectionPool(pool: ConnectionPoolSettings | undefined, path: string, findings: Findings): void {
  if (!pool) return;
  if (!pool.http && !pool.tcp) findings.error(path, 'ConnectionPoolEmpty', 'needs http, tcp or both, or be left out');
  if (pool.http) checkHttp(pool.http, `${path}.http`, findings);
  if (pool.tcp) checkTcp(pool.tcp, `${path}.tcp`, findings);
}

const HTTP_LIMITS = [
  'http1MaxPendingRequests',
  'http2MaxRequests',
  'maxRequestsPerConnection',
  'maxRetries',
  'maxConcurrentStreams',
] as const;

function checkHttp(http: HttpSettings, path: string, findings: Findings): void {
  for (const field of HTTP_LIMITS) checkLimit(http[field], `${path}.${field}`, findings);
  checkDuration(http.idleTimeout, `${path}.idleTimeout`, findings);
  if (http.h2UpgradePolicy === 'UPGRADE' && http.useClientProtocol === true) {
    const message = 'contradicts h2UpgradePolicy UPGRADE: keep one of them';
    findings.error(`${path}.useClientProtocol`, 'ConnectionPoolConflict', message);
  }
  if (http.http2KeepAlive) checkKeepalive(http.http2KeepAlive, `${path}.http2KeepAlive`, findings);
}

function checkKeepalive(keepalive: ConnectionKeepalive, path: string, findings: Findings): void {
  for (const field of ['interval', 'timeout'] as const) {
    if (!keepalive[field]) findings.error(`${path}.${field}`, 'DurationMissing', 'is needed, such as 30s');
    checkDuration(keepalive[field], `${path}.${field}`, findings);
  }
}

function checkTcp(tcp: TcpSettings, path: string, findings: Findings): void {
  const { maxConnections, connectTimeout, maxConnectionDuration, idleTimeout, tcpKeepalive } = tcp;
  checkLimit(maxConnections, `${path}.maxConnections`, findings);
  checkDuration(connectTimeout, `${path}.connectTimeout`, findings);
  checkDuration(maxConnectionDuration, `${path}.maxConnectionDuration`, findings);
  // Zero turns the timeout off; what is below a millisecond counts as zero.
  const isOff = idleTimeout !== undefined && Math.abs(durationMillis(idleTimeout)) < 1;
  if (!isOff) checkDuration(idleTimeout, `${path}.idleTimeout`, findings);
  checkDuration(tcpKeepalive?.time, `${path}.tcpKeepalive.time`, findings);
  checkDuration(tcpKeepalive?.interval, `${path}.tcpKeepalive.interval`, findings);
}

function checkLimit(value: number | undefined, path: string, findings: Findings): void {
  if (value !== undefined && value < 0) findings.error(path, 'LimitNegative', `${value} must not be negative`);
}

function checkDuration(duration: Duration | undefined, path: string, findings: Findings): void {
  if (duration) findings.check(path, findDurationFault(duration));
}

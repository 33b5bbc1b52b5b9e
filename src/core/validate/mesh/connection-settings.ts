import { parseDuration } from '../../../api/proto/duration.ts';
import type { JsonObject } from '../../kube-object.ts';
import type { Findings } from '../findings.ts';

/** The least value that each number may have; HTTP/2 asks for the windows. */
const LEAST: Readonly<Record<string, number>> = {
  listenerPerConnectionBufferLimitBytes: 0,
  clusterPerConnectionBufferLimitBytes: 0,
  httpMaxConcurrentStreams: 1,
  http2InitialStreamWindowSize: 65_535,
  http2InitialConnectionWindowSize: 65_535,
  listenerConnectionLimit: 1,
  globalDownstreamConnectionLimit: 1,
};

/** Records limits of a proxy's connections that cannot be. */
export function checkConnectionSettings(settings: JsonObject, path: string, findings: Findings): void {
  for (const [field, value] of Object.entries(settings)) {
    const least = LEAST[field];
    if (least !== undefined && Number(value) < least) {
      findings.error(`${path}.${field}`, 'LimitTooSmall', `${Number(value)} must be at least ${least}`);
    }
    const duration = least === undefined && typeof value === 'string' ? parseDuration(value) : undefined;
    if (duration && (duration.seconds < 0 || duration.nanos < 0)) {
      findings.error(`${path}.${field}`, 'DurationNegative', `${JSON.stringify(value)} must not be negative`);
    }
  }
}

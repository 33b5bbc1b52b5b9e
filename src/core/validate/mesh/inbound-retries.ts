import type { HttpRetry } from '../../../api/networking/http-route.ts';
import type { Findings } from '../findings.ts';
import { checkRetries } from '../networking/virtual-service/retries.ts';

/** A sidecar has one workload behind it: there is nowhere else to go. */
const WITHOUT_EFFECT = ['perTryTimeout', 'retryRemoteLocalities', 'retryIgnorePreviousHosts'] as const;

/** Records what is wrong with how sidecars try requests to their own workload again. */
export function checkInboundRetries(retries: HttpRetry | undefined, path: string, findings: Findings): void {
  if (!retries) return;
  checkRetries(retries, path, findings);
  const { attempts = 0, backoff, perTryTimeout, retryRemoteLocalities, retryOn = '' } = retries;
  // The check above has said it of these.
  const isTold = perTryTimeout !== undefined || retryRemoteLocalities !== undefined || retryOn !== '';
  if (attempts === 0 && backoff !== undefined && !isTold) {
    const message = 'is 0, which turns retries off: give a number, or remove backoff';
    findings.error(`${path}.attempts`, 'RetriesOff', message);
  }
  for (const field of WITHOUT_EFFECT) {
    if (retries[field] === undefined) continue;
    findings.warn(`${path}.${field}`, 'FieldWithoutEffect', 'has no effect on requests to the own workload: remove it');
  }
}

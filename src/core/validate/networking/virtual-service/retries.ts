import type { HttpRetry } from '../../../../api/networking/http-route.ts';
import type { Findings } from '../../findings.ts';
import { findDurationFault } from '../../rules/duration.ts';
import { isKnownHttpStatus } from '../../rules/http-status.ts';
import { parseGoInt } from '../../rules/strconv.ts';

/** Reasons to try again that Envoy knows, of HTTP and gRPC. */
const POLICIES: ReadonlySet<string> = new Set([
  '5xx',
  'gateway-error',
  'reset',
  'reset-before-request',
  'connect-failure',
  'retriable-4xx',
  'refused-stream',
  'retriable-status-codes',
  'retriable-headers',
  'envoy-ratelimited',
  'http3-post-connect-failure',
  'cancelled',
  'deadline-exceeded',
  'internal',
  'resource-exhausted',
  'unavailable',
]);

/** Records what is wrong with how often, and why, requests are tried again. */
export function checkRetries(retries: HttpRetry | undefined, path: string, findings: Findings): void {
  if (!retries) return;
  const { attempts = 0, retryOn = '', perTryTimeout, backoff } = retries;
  if (attempts < 0) findings.error(`${path}.attempts`, 'AttemptsNegative', `${attempts} must not be negative`);
  if (attempts === 0 && hasSettings(retries)) {
    const message = 'is 0, which turns retries off: give a number, or remove the other settings';
    findings.error(`${path}.attempts`, 'RetriesOff', message);
  }
  if (perTryTimeout) findings.check(`${path}.perTryTimeout`, findDurationFault(perTryTimeout));
  if (retryOn !== '') checkPolicies(retryOn, `${path}.retryOn`, findings);
  if (backoff) findings.check(`${path}.backoff`, findDurationFault(backoff));
}

function hasSettings({ perTryTimeout, retryRemoteLocalities, retryOn = '' }: HttpRetry): boolean {
  return perTryTimeout !== undefined || retryRemoteLocalities !== undefined || retryOn !== '';
}

function checkPolicies(retryOn: string, path: string, findings: Findings): void {
  for (const policy of retryOn.split(',')) {
    if (POLICIES.has(policy) || isKnownHttpStatus(parseGoInt(policy) ?? 0)) continue;
    const hint = policy !== policy.trim() ? 'leave out the spaces' : 'use a policy of Envoy, or a status such as 503';
    findings.error(path, 'RetryPolicyUnknown', `${JSON.stringify(policy)} is no reason to try again: ${hint}`);
  }
}

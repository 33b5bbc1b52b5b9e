import { isJsonObject } from '../../core/kube-object.ts';
import type { AdmissionRequest, AdmissionResponse } from '../admission-review.ts';

/**
 * On an object of a dry run: every webhook of ours denies it. That is how the operator proves that the API server
 * reaches the endpoint and trusts its certificate. An object that is to be stored is never touched by it.
 */
export const PROBE_ANNOTATION = 'sailwright.dev/webhook-probe';

/** Part of the denial that the prover looks for. */
export const PROBE_MESSAGE = 'sailwright answers: this object only proves that the webhook is reached';

export const PROBE_DENIAL: AdmissionResponse = {
  allowed: false,
  message: PROBE_MESSAGE,
  code: 403,
  verdict: 'Probe',
};

/** Whether the request is such a dry run. */
export function isProbe({ dryRun, object }: AdmissionRequest): boolean {
  if (dryRun !== true || !object) return false;
  const metadata = object['metadata'];
  if (!isJsonObject(metadata)) return false;
  const annotations = metadata['annotations'];
  return isJsonObject(annotations) && annotations[PROBE_ANNOTATION] === 'true';
}

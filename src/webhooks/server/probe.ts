import { PROBE_ANNOTATION } from '../../api/our-names.ts';
import { isJsonObject } from '../../core/kube-object.ts';
import type { AdmissionRequest, AdmissionResponse } from '../admission-review.ts';
import type { AdmissionHandler } from './admission-handler.ts';

/** Part of the denial that the prover looks for. */
export const PROBE_MESSAGE = 'this object only proves that the webhook is reached';

const PROBE_DENIAL: AdmissionResponse = { allowed: false, message: PROBE_MESSAGE, code: 403, verdict: 'Probe' };

/** A handler that also refuses probes; all else is for the handler given. */
export function denyProbes(handle: AdmissionHandler): AdmissionHandler {
  return (request, context) => (isProbe(request) ? PROBE_DENIAL : handle(request, context));
}

function isProbe({ dryRun, object }: AdmissionRequest): boolean {
  if (dryRun !== true || !object) return false;
  const metadata = object['metadata'];
  if (!isJsonObject(metadata)) return false;
  const annotations = metadata['annotations'];
  return isJsonObject(annotations) && annotations[PROBE_ANNOTATION] === 'true';
}

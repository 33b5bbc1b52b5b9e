import type { ResourceReader } from '../../core/istio/readers.ts';
import type { AdmissionRequest } from '../admission-review.ts';
import { decodeAdmissionReview } from '../admission-review.ts';
import { undecodable } from '../server/admission-service.ts';
import { MAX_ANALYZED_SPEC } from './admission-analysis.ts';
import { judgeAlone, releasesFor, type JudgedReview, type Judgement } from './validation-handler.ts';

/** Reads a review and judges its resource, for an answer to another thread. */
export function judgeReview(body: Uint8Array, readers: readonly ResourceReader[]): JudgedReview {
  const review = decodeAdmissionReview(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
  const { version } = review;
  if (!review.ok) return { version, uid: review.uid, response: undecodable(review.problem) };
  return { version, uid: review.request.uid, ...judgeRequest(review.request, readers) };
}

/** Judges the resource of a request, for an answer to another thread: what that thread will not look at stays here. */
export function judgeRequest(request: AdmissionRequest, readers: readonly ResourceReader[]): Judgement {
  const { response, candidate } = judgeAlone(request, releasesFor(request, readers));
  if (!candidate) return { response };
  const { object, spec } = candidate.object;
  if (JSON.stringify(spec ?? null).length <= MAX_ANALYZED_SPEC) return { response, candidate };
  const { apiVersion = null, kind = null, metadata = null } = object;
  const { name = '', namespace = '' } = (metadata ?? {}) as { name?: string; namespace?: string };
  const named = { apiVersion, kind, metadata: { name, namespace } };
  return { response, candidate: { object: { object: named, spec: {}, isTooLarge: true }, oldObject: undefined } };
}

import {
  decodeAdmissionReview,
  encodeAdmissionReview,
  patchText,
  type AdmissionRequest,
  type AdmissionResponse,
} from '../admission-review.ts';
import type { EncodedAnswer } from '../server/admission-handler.ts';
import { undecodable } from '../server/admission-service.ts';
import { denyProbes } from '../server/probe.ts';
import type { InjectionCall } from './apart-injector.ts';
import { createInjectionHandler } from './injection-handler.ts';
import { SourceReader } from './injection-source.ts';

const reader = new SourceReader();

/** In another thread: reads a review, injects its pod and writes the answer. */
export async function injectReview(body: Uint8Array, call: InjectionCall): Promise<EncodedAnswer> {
  const review = decodeAdmissionReview(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
  const { version } = review;
  const uid = review.ok ? review.request.uid : review.uid;
  const response = review.ok ? await injectRequest(review.request, call) : undecodable(review.problem);
  const { allowed, verdict = allowed ? 'Allowed' : 'Denied' } = response;
  return { body: Buffer.from(encodeAdmissionReview(version, uid, response), 'utf8'), verdict };
}

/** In another thread: injects the pod of a request; the patch of the answer is JSON text. */
export async function injectRequest(
  request: AdmissionRequest,
  { path, operatorNamespace, source }: InjectionCall,
): Promise<AdmissionResponse> {
  const configs = reader.read(source);
  const handle = denyProbes(createInjectionHandler({ configs, operatorNamespace }));
  const response = await handle(request, { path, peer: '', signal: new AbortController().signal });
  const { patch } = response;
  return patch === undefined || typeof patch === 'string' ? response : { ...response, patch: patchText(patch) };
}

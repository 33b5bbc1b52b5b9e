import { isJsonObject } from '../../core/kube-object.ts';
import {
  decodeAdmissionReview,
  encodeAdmissionReview,
  type AdmissionRequest,
  type AdmissionResponse,
  type DecodedReview,
} from '../admission-review.ts';
import type { AdmissionContext, AdmissionHandler, EncodedAnswer } from '../server/admission-handler.ts';
import { undecodable } from '../server/admission-service.ts';
import { denyProbes } from '../server/probe.ts';
import type { InjectionCall } from './apart-injector.ts';
import { isCostlyPod } from './costly-pod.ts';
import type { InjectionConfigs } from './injection-configs.ts';
import { createInjectionHandler } from './injection-handler.ts';
import { InjectionMemo } from './injection-memo.ts';
import { SourceReader } from './injection-source.ts';

/** After so many injections most of the code that they need is compiled. */
const WARM_UP = 60;
/** Nobody is told here that nobody waits any more. */
const CALLER: Omit<AdmissionContext, 'path'> = { peer: '', signal: new AbortController().signal };

const reader = new SourceReader();
const memo = new InjectionMemo();
const handlers = new WeakMap<InjectionConfigs, AdmissionHandler>();

/** In another thread: reads a review, injects its pod and writes the answer. */
export function injectReview(body: Uint8Array, call: InjectionCall): Promise<EncodedAnswer> {
  return answerOf(decode(body), call);
}

/** The same for a pod that is injected quickly; undefined for one that may take long. */
export async function injectQuickReview(body: Uint8Array, call: InjectionCall): Promise<EncodedAnswer | undefined> {
  const review = decode(body);
  return isCostly(review) ? undefined : answerOf(review, call);
}

/** Prepares this thread by such a pod. */
export async function warmUp(body: Uint8Array, { path, operatorNamespace, source }: InjectionCall): Promise<void> {
  const handle = createInjectionHandler({ configs: reader.read(source), operatorNamespace });
  for (let i = 0; i < WARM_UP; i++) {
    const review = decode(body);
    if (!review.ok || isCostly(review)) return;
    encode(review.version, review.request.uid, await handle(review.request, { path }));
  }
}

/** In another thread: injects the pod of a request. */
export async function injectRequest(request: AdmissionRequest, call: InjectionCall): Promise<AdmissionResponse> {
  return handlerOf(call)(request, { ...CALLER, path: call.path });
}

async function answerOf(review: DecodedReview, call: InjectionCall): Promise<EncodedAnswer> {
  if (!review.ok) return encode(review.version, review.uid, undecodable(review.problem));
  const response = await handlerOf(call)(review.request, { ...CALLER, path: call.path });
  return encode(review.version, review.request.uid, response);
}

function handlerOf({ source, operatorNamespace }: InjectionCall): AdmissionHandler {
  const configs = reader.read(source);
  const known = handlers.get(configs);
  if (known) return known;
  const handle = denyProbes(createInjectionHandler({ configs, operatorNamespace, memo }));
  handlers.set(configs, handle);
  return handle;
}

function isCostly(review: DecodedReview): boolean {
  return review.ok && isJsonObject(review.request.object) && isCostlyPod(review.request.object);
}

function decode({ buffer, byteOffset, byteLength }: Uint8Array): DecodedReview {
  return decodeAdmissionReview(Buffer.from(buffer, byteOffset, byteLength).toString('utf8'));
}

function encode(version: DecodedReview['version'], uid: string, response: AdmissionResponse): EncodedAnswer {
  const { allowed, verdict = allowed ? 'Allowed' : 'Denied' } = response;
  return { body: Buffer.from(encodeAdmissionReview(version, uid, response), 'utf8'), verdict };
}

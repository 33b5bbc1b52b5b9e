import { isJsonObject, type JsonObject, type KubeObject } from '../../core/kube-object.ts';
import { measureJson } from '../../core/json-size.ts';
import {
  decodeAdmissionReview,
  type AdmissionRequest,
  type AdmissionResponse,
  type ReviewVersion,
} from '../admission-review.ts';
import { undecodable } from '../server/admission-service.ts';
import type { ChangePair, ChangeStudy } from './change-study.ts';
import { findSettled, readChange } from './istio-operator-change.ts';

/** A write to an IstioOperator without the specs, and what was found out about these. */
export interface ReviewedChange {
  /** Its objects have apiVersion, kind, metadata and status. */
  request: AdmissionRequest;
  isUnaffecting: boolean;
  /** Where anybody may ask for it. */
  study?: ChangeStudy;
}

/** What another thread made of a review: an answer, or what checks go on with. */
export interface OperatorReview {
  version: ReviewVersion;
  uid: string;
  response?: AdmissionResponse;
  change?: ReviewedChange;
}

/** What it takes to review. */
export interface OperatorReviewer {
  study: (pair: ChangePair) => ChangeStudy;
  /** The inventory of a resource by what it renders, for one whose status has none. */
  listRendered: (resource: KubeObject) => JsonObject[];
}

/** By {@link measureJson}: far above what metadata, status and the names of a user's groups are. */
const MAX_REST = 50_000;
const TOO_LARGE: AdmissionResponse = {
  allowed: false,
  verdict: 'TooMuchWork',
  code: 413,
  message: 'metadata and status of the resource are too large: remove annotations, labels or owners',
};

/** In another thread: reads a review of an IstioOperator and studies what it changes. */
export function reviewOperator(body: Uint8Array, { study, listRendered }: OperatorReviewer): OperatorReview {
  const review = decodeAdmissionReview(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
  const { version } = review;
  if (!review.ok) return { version, uid: review.uid, response: undecodable(review.problem) };
  const { request } = review;
  const { uid } = request;
  const facts = readChange(request);
  const response = findSettled(request, facts);
  if (response || !facts) return { version, uid, ...(response ? { response } : {}) };
  const { object, oldObject, isUnaffecting } = facts;
  const slim: AdmissionRequest = {
    ...request,
    options: null,
    object: object ? withoutSpec(object) : null,
    oldObject: oldObject ? withInventory(oldObject, isUnaffecting ? () => [] : listRendered) : null,
  };
  if (measureJson(slim as unknown as JsonObject) > MAX_REST) return { version, uid, response: TOO_LARGE };
  const isStudied = object !== undefined && !isUnaffecting;
  return {
    version,
    uid,
    change: { request: slim, isUnaffecting, ...(isStudied ? { study: study({ object, oldObject }) } : {}) },
  };
}

function withoutSpec({ apiVersion, kind, metadata, status }: KubeObject): JsonObject {
  return { apiVersion, kind, metadata: metadata as unknown as JsonObject, status: (status ?? {}) as JsonObject };
}

/** Without its spec nobody could find out later what it has. */
function withInventory(object: KubeObject, listRendered: OperatorReviewer['listRendered']): JsonObject {
  const slim = withoutSpec(object);
  const status = isJsonObject(slim['status']) ? slim['status'] : {};
  return { ...slim, status: { ...status, inventory: status['inventory'] ?? listRendered(object) } };
}

import { errorText } from '../core/error-text.ts';
import { isJsonObject, type JsonObject } from '../core/kube-object.ts';

/** A kind as the API server names it in a review. */
export interface GroupVersionKind {
  group: string;
  version: string;
  kind: string;
}

export type AdmissionOperation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';

/** What the API server asks. Fields that it leaves out are absent; nothing is dropped that it sends. */
export interface AdmissionRequest {
  uid: string;
  operation: AdmissionOperation;
  kind?: GroupVersionKind;
  resource?: { group: string; version: string; resource: string };
  subResource?: string;
  name?: string;
  namespace?: string;
  userInfo?: { username?: string; groups?: string[]; [field: string]: unknown };
  /** Absent or null for DELETE. */
  object?: JsonObject | null;
  /** Absent or null for CREATE. */
  oldObject?: JsonObject | null;
  dryRun?: boolean;
  [field: string]: unknown;
}

/** What a handler answers; uid, API version and patch type are added by the server. */
export interface AdmissionResponse {
  allowed: boolean;
  /** The text of a JSON patch. An empty one counts as none. */
  patch?: string;
  /** Shown to the user by a denial. */
  message?: string;
  /** HTTP status of a denial; the API server takes 400 unless told. */
  code?: number;
  /** Kubernetes' StatusReason of a denial, such as `Invalid`. */
  reason?: string;
  /** Shown to the user also when allowed; the API server cuts each after 256 characters. */
  warnings?: readonly string[];
  auditAnnotations?: Readonly<Record<string, string>>;
  /** Why, as a short constant for metrics and the log, e.g. `injected` or `HostNetwork`; never text of the user's. */
  verdict?: string;
}

const REVIEW_VERSIONS = ['admission.k8s.io/v1', 'admission.k8s.io/v1beta1'] as const;
export type ReviewVersion = (typeof REVIEW_VERSIONS)[number];

/** A review that was read; `problem` says why a body is none, with whatever of it could be read. */
export type DecodedReview =
  | { ok: true; version: ReviewVersion; request: AdmissionRequest }
  | { ok: false; version: ReviewVersion; uid: string; problem: string };

/** Reads the body of a request by the API server. Never throws. */
export function decodeAdmissionReview(body: string): DecodedReview {
  let review: unknown;
  try {
    review = JSON.parse(body);
  } catch (error) {
    const cause = errorText(error);
    return undecodable(undefined, '', `the body is not JSON: ${cause.slice(0, 200)}`);
  }
  if (!isJsonObject(review)) return undecodable(undefined, '', 'the body is not an AdmissionReview but a plain value');
  const { request } = review;
  const version = REVIEW_VERSIONS.find((known) => known === review['apiVersion']);
  const problem = findReviewProblem(review, version) ?? findRequestProblem(request);
  if (version !== undefined && problem === undefined) {
    return { ok: true, version, request: request as unknown as AdmissionRequest };
  }
  const uid = isJsonObject(request) && typeof request['uid'] === 'string' ? request['uid'] : '';
  return undecodable(version, uid, problem ?? 'not a review');
}

function findReviewProblem(review: JsonObject, version: ReviewVersion | undefined): string | undefined {
  if (review['kind'] === 'AdmissionReview' && version) return undefined;
  return `apiVersion and kind must be AdmissionReview of ${REVIEW_VERSIONS.join(' or ')}`;
}

function undecodable(version: ReviewVersion | undefined, uid: string, problem: string): DecodedReview {
  return { ok: false, version: version ?? 'admission.k8s.io/v1', uid, problem };
}

const OPERATIONS: readonly unknown[] = ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'];
const TEXTS = ['name', 'namespace', 'subResource'] as const;
const OBJECTS = ['object', 'oldObject', 'userInfo', 'kind', 'resource', 'options'] as const;

/** Handlers rely on these types; what else is wrong is for them to say. */
function findRequestProblem(request: unknown): string | undefined {
  if (!isJsonObject(request)) return 'request: must be an object';
  if (typeof request['uid'] !== 'string' || request['uid'] === '') return 'request.uid: must be a string';
  if (!OPERATIONS.includes(request['operation'])) return `request.operation: must be one of ${OPERATIONS.join(', ')}`;
  for (const field of TEXTS) {
    const value = request[field];
    if (value !== undefined && typeof value !== 'string') return `request.${field}: must be a string`;
  }
  for (const field of OBJECTS) {
    const value = request[field];
    if (value !== undefined && value !== null && !isJsonObject(value)) return `request.${field}: must be an object`;
  }
  return undefined;
}

/** The JSON text of the answer. The request's uid is always in it: without it the API server drops the answer. */
export function encodeAdmissionReview(version: ReviewVersion, uid: string, response: AdmissionResponse): string {
  let text = `{"apiVersion":"${version}","kind":"AdmissionReview","response":{"uid":${JSON.stringify(uid)},"allowed":${response.allowed}`;
  if (!response.allowed || response.message !== undefined) text += `,"status":${encodeStatus(response)}`;
  const patch = response.allowed ? encodePatch(response.patch) : '';
  if (patch !== '') text += `,"patchType":"JSONPatch","patch":"${patch}"`;
  if (response.warnings && response.warnings.length > 0) text += `,"warnings":${JSON.stringify(response.warnings)}`;
  if (response.auditAnnotations) text += `,"auditAnnotations":${JSON.stringify(response.auditAnnotations)}`;
  return `${text}}}`;
}

function encodeStatus({ allowed, message, code, reason }: AdmissionResponse): string {
  return JSON.stringify({ status: allowed ? 'Success' : 'Failure', message, reason, code });
}

/** For the bytes of usual patches: an array for each of them keeps the garbage collector busy. */
const scratch = Buffer.allocUnsafeSlow(64 * 1024);
/** Bytes of UTF-8 that one unit of a text takes at most. */
const MOST_BYTES = 3;

function encodePatch(patch: string | undefined): string {
  if (patch === undefined || patch === '' || patch === '[]') return '';
  if (patch.length * MOST_BYTES > scratch.length) return Buffer.from(patch, 'utf8').toString('base64');
  return scratch.toString('base64', 0, scratch.write(patch, 'utf8'));
}

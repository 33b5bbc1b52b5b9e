import { isJsonObject } from '../core/kube-object.ts';

/** One field that server-side apply refused because another manager owns it. */
export interface FieldConflict {
  manager: string;
  /** As the API server names it, e.g. `.spec.replicas`. */
  field: string;
}

/** One thing that is wrong with an object, as the API server tells it. */
export interface ErrorCause {
  reason: string;
  /** Empty when it is about no field. */
  field: string;
  message: string;
}

/** What an ApiError is made of. */
export interface ApiErrorDetails {
  /** HTTP status; 0 when there was no answer. */
  status: number;
  reason: string;
  message: string;
  causes?: ErrorCause[];
  retryAfterMs?: number;
  cause?: unknown;
}

/** Reasons that this client gives; all others come from the API server. */
export const CLIENT_REASONS = {
  connectionFailed: 'ConnectionFailed',
  timeout: 'RequestTimeout',
  aborted: 'Aborted',
  tooLarge: 'ResponseTooLarge',
  kindNotServed: 'KindNotServed',
  badAnswer: 'BadAnswer',
  /** The API server contradicts itself about what it serves. */
  discoveryFailed: 'DiscoveryFailed',
} as const;

/** A request to the API server that failed: refused by the server, or never answered (status 0). */
export class ApiError extends Error {
  override readonly name: string = 'ApiError';
  readonly status: number;
  readonly reason: string;
  readonly causes: readonly ErrorCause[];
  readonly conflicts: readonly FieldConflict[];
  readonly retryAfterMs: number | undefined;

  constructor(details: ApiErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.status = details.status;
    this.reason = details.reason;
    this.causes = details.causes ?? [];
    this.conflicts = findConflicts(this.causes);
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** A write that was not sent because this process no longer leads. */
export class LeadershipLost extends Error {
  override readonly name = 'LeadershipLost';

  constructor(what: string) {
    super(`${what} was not sent: this replica does not hold the leader lease (any more)`);
  }
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

/** Asked to come again later: by a server under load, or by a PodDisruptionBudget. */
export function isTooManyRequests(error: unknown): boolean {
  return error instanceof ApiError && error.status === 429;
}

/** The object changed or exists already, or another field manager owns a field (then `conflicts` is filled). */
export function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.status === 409;
}

export function isForbidden(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 403;
}

/** What a read or write of a kind ends with that the API server does not serve. */
export function kindNotServed({ apiVersion, kind }: { apiVersion: string; kind: string }): ApiError {
  const message = `the API server does not serve ${kind} of ${apiVersion}: is its CRD installed?`;
  return new ApiError({ status: 404, reason: CLIENT_REASONS.kindNotServed, message });
}

/** The API server does not know the kind: its CRD is not installed (yet). */
export function isKindNotServed(error: unknown): boolean {
  return error instanceof ApiError && error.reason === CLIENT_REASONS.kindNotServed;
}

/** The resource version is too old: only a new list helps. */
export function isExpired(error: unknown): boolean {
  return error instanceof ApiError && error.status === 410;
}

/** Too large or invalid, or refused by rights, a quota, a policy or a webhook. */
const REFUSALS: ReadonlySet<number> = new Set([400, 403, 413, 422]);

/**
 * What the failure of a dry run says of the write itself. `refused`: it fails too, as long as nobody changes something.
 * `exempt`: it cannot be tried now, because its kind, its namespace or what it refers to is still to be made, because a
 * webhook takes no dry runs, or because another manager's field decides. `open`: ask again.
 */
export function judgeDryRun({ status, causes, conflicts, message }: ApiError): 'refused' | 'exempt' | 'open' {
  if (status === 404 || conflicts.length > 0) return 'exempt';
  if (status === 400 && message.includes('does not support dry run')) return 'exempt';
  // A namespace that ends can be there again soon.
  if (causes.some(({ reason }) => reason === 'NamespaceTerminating')) return 'open';
  return REFUSALS.has(status) ? 'refused' : 'open';
}

/** Makes an error of an answer's status, body and Retry-After header. `what` names the request. */
export function decodeApiError(status: number, body: string, what: string, retryAfter?: string): ApiError {
  const parsed = parseStatus(body);
  const message = textOf(parsed?.['message']) ?? body.trim().slice(0, 500);
  const reason = textOf(parsed?.['reason']) ?? defaultReason(status);
  const details = isJsonObject(parsed?.['details']) ? parsed['details'] : {};
  const { retryAfterSeconds } = details;
  const retryAfterMs = decodeRetryAfter(retryAfter) ?? decodeRetryAfter(retryAfterSeconds);
  // An answer that names no object means that the path itself is unknown, hence the kind.
  const pathUnknown = status === 404 && details['name'] === undefined;
  return new ApiError({
    status,
    reason: pathUnknown ? CLIENT_REASONS.kindNotServed : reason,
    message: `${what}: ${message || reason}`,
    causes: decodeCauses(details['causes']),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** Seconds, or a date as proxies write it. */
function decodeRetryAfter(value: unknown): number | undefined {
  const seconds = Number(value);
  const isDate = typeof value === 'string' && Number.isNaN(seconds);
  const ms = isDate ? Date.parse(value) - Date.now() : seconds * 1_000;
  return ms > 0 ? ms : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function decodeCauses(causes: unknown): ErrorCause[] {
  if (!Array.isArray(causes)) return [];
  return causes.filter(isJsonObject).map(({ reason, field, message }) => ({
    reason: textOf(reason) ?? '',
    field: textOf(field) ?? '',
    message: textOf(message) ?? '',
  }));
}

function findConflicts(causes: readonly ErrorCause[]): FieldConflict[] {
  return causes
    .filter(({ reason }) => reason === 'FieldManagerConflict')
    .map(({ message, field }) => ({ manager: /^conflict with "([^"]*)"/.exec(message)?.[1] ?? 'unknown', field }));
}

function parseStatus(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function defaultReason(status: number): string {
  const known: Record<number, string> = { 401: 'Unauthorized', 403: 'Forbidden', 404: 'NotFound', 409: 'Conflict' };
  return known[status] ?? (status === 410 ? 'Expired' : `HTTP ${status}`);
}

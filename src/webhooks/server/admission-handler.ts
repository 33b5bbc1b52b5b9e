import type { AdmissionRequest, AdmissionResponse } from '../admission-review.ts';

/** What a handler knows of the call beside the review. */
export interface AdmissionContext {
  /** Path of the URL without the query, e.g. `/inject/cluster/C/net/N`; still percent-encoded. */
  readonly path: string;
  /** Aborts when the API server has gone or waits no longer. Made when first read: handlers that never wait pay nothing. */
  readonly signal: AbortSignal;
}

/**
 * Judges one request. What it throws becomes a denial that says nothing of the inside, a line in the log and a count
 * in the metrics. It must not read the API: whatever it needs comes from warm informers.
 */
export type AdmissionHandler = (
  request: AdmissionRequest,
  context: AdmissionContext,
) => AdmissionResponse | Promise<AdmissionResponse>;

/** Where a handler answers. */
export interface AdmissionRoute {
  /** The path itself and everything below it, e.g. `/inject` and `/inject/cluster/C`; the longest match wins. */
  path: string;
  handle: AdmissionHandler;
  /** Undefined once the handler can judge, else what it waits for; the replica is not ready until then. */
  findUnready?: () => string | undefined;
}

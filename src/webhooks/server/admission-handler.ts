import type { AdmissionRequest, AdmissionResponse, ReviewVersion } from '../admission-review.ts';

/** What a handler knows of the call beside the review. */
export interface AdmissionContext {
  /** Path of the URL without the query, e.g. `/inject/cluster/C/net/N`; still percent-encoded. */
  readonly path: string;
  /** Address of the caller, by which callers take turns. */
  readonly peer: string;
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

/** The answer to a review that others have read. */
export interface ReviewAnswer {
  version: ReviewVersion;
  uid: string;
  response: AdmissionResponse;
}

/** An answer that is written already, in UTF-8. */
export interface EncodedAnswer {
  body: Uint8Array;
  verdict: string;
}

/** Who waits for a judgement. */
export type JudgeCaller = Pick<AdmissionContext, 'peer' | 'signal'>;

/** Where a handler answers. */
export interface AdmissionRoute {
  /** The path itself and everything below it, e.g. `/inject` and `/inject/cluster/C`; the longest match wins. */
  path: string;
  handle: AdmissionHandler;
  /** Its calls have less of each turn of the event loop than those of others. */
  isPatient?: boolean;
  /** Who judges bodies that are too large to be read by the thread that answers. */
  large?: {
    aboveBytes: number;
    judge: (body: Buffer, context: AdmissionContext) => Promise<ReviewAnswer | EncodedAnswer>;
  };
  /**
   * Has another thread answer, while this one has more to do than one call. Undefined when none has room: then the call
   * is judged here. The body stays as it is.
   */
  offer?: (body: Buffer, context: AdmissionContext) => Promise<ReviewAnswer | EncodedAnswer> | undefined;
  /** Undefined once the handler can judge, else what it waits for; the replica is not ready until then. */
  findUnready?: () => string | undefined;
}

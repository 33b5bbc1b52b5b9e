import { computeBackoff } from '../runtime/clock.ts';
import { CLIENT_REASONS, type ApiError } from './errors.ts';

/** One request that failed, as far as it matters for sending it again. */
export interface FailedAttempt {
  /** Carrying it out twice does no harm. */
  isSafe: boolean;
  error: Pick<ApiError, 'status' | 'reason' | 'retryAfterMs'>;
  /** Counted from 1. */
  attempt: number;
  /** Since the first attempt began. */
  elapsedMs: number;
  /** For how long the caller would rather wait than hear of the trouble. */
  patienceMs: number;
}

const BACKOFF = { baseMs: 200, maxMs: 3_000 };
/** An API server that says when to come back is believed: its priority levels ask for up to 32 s under load. */
const PATIENCE_WHEN_ASKED_MS = 60_000;
/** What was asked to come back at one moment shall not come back together. */
const ASKED_SPREAD_MS = 500;
/**
 * A lost answer is found out by waiting: what is safe to repeat does not wait for long at first. Kubernetes promises to
 * answer for a single object in a second; where it takes longer, the next attempt has the whole time.
 */
const FIRST_TIMEOUT_MS = 5_000;

/**
 * How long to wait before a request is sent again; undefined when it must not be, or when there is no time left. With
 * back-off and Retry-After it takes one bad answer in three, and a pass of many requests goes on all the same.
 */
export function decideRetry(failed: FailedAttempt, random: number): number | undefined {
  const { isSafe, error, attempt } = failed;
  if (!mayRepeat(isSafe, error)) return undefined;
  const { retryAfterMs } = error;
  const backoff = computeBackoff(attempt, BACKOFF, random);
  const waitMs = retryAfterMs === undefined ? backoff : Math.max(backoff, retryAfterMs + ASKED_SPREAD_MS * random);
  const patienceMs = retryAfterMs === undefined ? failed.patienceMs : PATIENCE_WHEN_ASKED_MS;
  return wasCutShort(failed) || failed.elapsedMs + waitMs <= patienceMs ? waitMs : undefined;
}

/** The first attempt had less time than was asked for: it alone does not use up the patience. */
function wasCutShort({ error, attempt, patienceMs }: FailedAttempt): boolean {
  return attempt === 1 && patienceMs > 0 && error.reason === CLIENT_REASONS.timeout;
}

/** The time limit of an attempt, counted from 1, where each may take `timeoutMs` at the most. */
export function decideTimeout(isSafe: boolean, attempt: number, timeoutMs: number): number {
  return isSafe && attempt === 1 ? Math.min(timeoutMs, FIRST_TIMEOUT_MS) : timeoutMs;
}

/** What was turned away with 429 was not carried out, whatever it was; of all else nobody knows. */
function mayRepeat(isSafe: boolean, { status, reason }: FailedAttempt['error']): boolean {
  if (status === 429) return true;
  const isUnanswered = reason === CLIENT_REASONS.connectionFailed || reason === CLIENT_REASONS.timeout;
  return isSafe && (isUnanswered || (status >= 500 && status !== 501));
}

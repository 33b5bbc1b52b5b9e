/** Thrown when what was waited for did not come in time; `cause` holds the last error of the check, if any. */
export class WaitTimeoutError extends Error {
  override readonly name = 'WaitTimeoutError';
}

/** How long and how often to look. */
export interface WaitOptions {
  /** Give up after this long; 90 seconds unless told. */
  readonly timeoutMs?: number;
  /** Pause between two looks; 50 ms unless told. */
  readonly intervalMs?: number;
  /** Ends the wait early: its reason is thrown. */
  readonly signal?: AbortSignal;
}

/** Resolves after `ms`, or rejects with the reason of `signal`. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** How long work that nobody waits for any more has to tidy up after itself. */
const GRACE_MS = 5_000;

/**
 * Returns what the work does, or rejects with the reason of `signal` when that is aborted first: as soon as the work has
 * ended, too, or after a grace period in which it has not.
 */
export async function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined, graceMs = GRACE_MS): Promise<T> {
  if (signal === undefined) return work;
  const settled = work.then(
    () => undefined,
    () => undefined,
  );
  await Promise.race([settled, untilAborted(signal)]);
  if (signal.aborted) await Promise.race([settled, pause(graceMs)]);
  signal.throwIfAborted();
  return work;
}

/** Resolves when the signal is aborted. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

const PATIENCE_MS = 240_000;
/**
 * How long to wait for what containers take part in: twenty proxies that start at once on two busy cores need a minute
 * and a half. Only what is wrong takes as long as this.
 */
export const PATIENTLY: WaitOptions = { timeoutMs: PATIENCE_MS, intervalMs: 200 };
/** The same, told to kubectl's wait and rollout. */
export const PATIENT_KUBECTL = `--timeout=${PATIENCE_MS}ms`;

/**
 * Looks until `check` returns something other than undefined, null or false, and returns that. An error that `check`
 * throws counts as "not yet"; the last one is named when time runs out.
 */
export async function waitFor<T>(
  description: string,
  check: () => T | undefined | null | false | Promise<T | undefined | null | false>,
  options: WaitOptions = {},
): Promise<T> {
  const timeoutMs = options.timeoutMs ?? 90_000;
  const deadline = performance.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    options.signal?.throwIfAborted();
    try {
      const found = await check();
      if (found !== undefined && found !== null && found !== false) return found;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (performance.now() >= deadline) throw timeoutError(description, timeoutMs, last);
    await pause(options.intervalMs ?? 50, options.signal);
  }
}

function timeoutError(description: string, timeoutMs: number, last: unknown): WaitTimeoutError {
  const why = last instanceof Error ? `: ${last.message}` : '';
  return new WaitTimeoutError(`waited ${timeoutMs / 1000} s for ${description}${why}`, { cause: last });
}

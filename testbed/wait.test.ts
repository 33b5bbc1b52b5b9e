import { describe, expect, it } from 'vitest';

import { orAborted, waitFor, WaitTimeoutError } from './wait.ts';

describe('waitFor', () => {
  it('returns the first value that is neither missing nor false', async () => {
    const answers = [undefined, null, false, 0];
    expect(await waitFor('an answer', () => answers.shift(), { intervalMs: 1 })).toBe(0);
    expect(answers).toEqual([]);
  });

  it('takes an error of the check for "not yet", and names the last one when time is up', async () => {
    let looks = 0;
    const check = (): never => {
      looks += 1;
      throw new Error(`look ${looks}`);
    };
    const wait = waitFor('the pod to be Ready', check, { timeoutMs: 20, intervalMs: 1 });
    await expect(wait).rejects.toThrow(/^waited 0\.02 s for the pod to be Ready: look \d+$/);
    await expect(wait).rejects.toBeInstanceOf(WaitTimeoutError);
    expect(looks).toBeGreaterThan(1);
  });

  it('ends at once when its signal is aborted', async () => {
    const abort = new AbortController();
    const wait = waitFor('nothing', () => false, { timeoutMs: 60_000, intervalMs: 30_000, signal: abort.signal });
    abort.abort(new Error('the process died'));
    await expect(wait).rejects.toThrow('the process died');
  });
});

describe('orAborted', () => {
  const never = new Promise<never>(() => undefined);

  it('returns what the work does', async () => {
    const { signal } = new AbortController();
    await expect(orAborted(Promise.resolve(1), signal)).resolves.toBe(1);
    await expect(orAborted(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
    await expect(orAborted(Promise.resolve(1), undefined)).resolves.toBe(1);
  });

  it('waits no longer than the grace period when it is aborted', async () => {
    await expect(orAborted(never, AbortSignal.abort(new Error('enough')), 1)).rejects.toThrow('enough');
  });

  it('lets the work end first, and tells the reason of the end rather than what came of it', async () => {
    const abort = new AbortController();
    let fail: (error: Error) => void = () => undefined;
    const work = new Promise<never>((_, reject) => (fail = reject));
    const outcome = orAborted(work, abort.signal, 60_000);
    let isOver = false;
    outcome.catch(() => (isOver = true));
    abort.abort(new Error('enough'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isOver).toBe(false);
    fail(new Error('the command was ended'));
    await expect(outcome).rejects.toThrow('enough');
  });
});

import { describe, expect, it } from 'vitest';

import { waitFor, WaitTimeoutError } from './wait.ts';

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

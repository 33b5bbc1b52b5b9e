import { describe, expect, it } from 'vitest';
import { deferred, type Deferred } from '../runtime/deferred.ts';
import { createSilentLog } from '../telemetry/log.ts';
import type { InjectionCall } from '../webhooks/inject/apart-injector.ts';
import { HelpingInjectors } from './helping-injectors.ts';

const CALL: InjectionCall = { path: '/inject', operatorNamespace: 'o', source: { problem: 'none' } };
const BODY = Buffer.from('{}');

/** A pool without room. */
function start() {
  const state = { now: 0, grown: [] as Deferred<unknown>[] };
  const grow = (): Promise<unknown> => {
    const begun = deferred<unknown>();
    state.grown.push(begun);
    return begun.promise;
  };
  const pool = { offer: () => undefined, grow };
  const helpers = new HelpingInjectors({ pool, log: createSilentLog(), monotonic: () => state.now });
  const offer = (times: number): void => {
    for (let i = 0; i < times; i++) expect(helpers.offer(BODY, CALL)).toBeUndefined();
  };
  return { state, offer };
}

describe('threads that help with injection', () => {
  it('are started by many calls in a short time, and by no others', () => {
    const { state, offer } = start();
    offer(31);
    state.now = 1_001;
    offer(31);
    expect(state.grown).toHaveLength(0);
    offer(1);
    expect(state.grown).toHaveLength(1);
  });

  it.each([
    ['began', (begun: Deferred<unknown> | undefined) => begun?.resolve(undefined)],
    ['did not begin', (begun: Deferred<unknown> | undefined) => begun?.reject(new Error('no memory'))],
  ])('are started one after the other, also when one %s', async (_how, settle) => {
    const { state, offer } = start();
    offer(100);
    expect(state.grown).toHaveLength(1);
    settle(state.grown[0]);
    await expect
      .poll(() => {
        offer(32);
        return state.grown.length;
      })
      .toBe(2);
  });

  it('are given bodies of their own', () => {
    const jobs: unknown[] = [];
    const offer = (make: () => unknown): Promise<unknown> => Promise.resolve(jobs.push(make()));
    const helpers = new HelpingInjectors({ pool: { offer, grow: () => undefined }, log: createSilentLog() });
    // Chunks of a socket are parts of one large buffer.
    const whole = Buffer.from('before{}after');
    void helpers.offer(whole.subarray(6, 8), CALL);
    const [{ body }] = jobs as [{ body: Uint8Array }];
    expect([Buffer.from(body).toString('utf8'), body.buffer.byteLength]).toEqual(['{}', 2]);
  });
});

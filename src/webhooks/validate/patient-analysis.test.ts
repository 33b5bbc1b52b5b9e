import { describe, expect, it } from 'vitest';
import { FakeClock, settle } from '../../../test/builders/fake-clock.ts';
import type { AnalysisAnswer, IndexedAnalysis } from './admission-analysis.ts';
import { PATIENCE, PatientAnalysis } from './patient-analysis.ts';

const object = { kind: 'VirtualService' };
const finding = { path: 'spec.hosts', message: 'IST0101 host not found' };
const FINE: AnalysisAnswer = { errors: [], warnings: [], isUnsettled: false };
const WARNED: AnalysisAnswer = { ...FINE, warnings: [finding], isUnsettled: true };
const REFUSED: AnalysisAnswer = { ...FINE, errors: [finding], isUnsettled: true };

/** An index whose answer a test changes. */
class FakeIndex implements IndexedAnalysis {
  answer: AnalysisAnswer;
  looks = 0;
  readonly callbacks = new Set<() => void>();

  constructor(answer: AnalysisAnswer) {
    this.answer = answer;
  }

  judge(): AnalysisAnswer {
    this.looks += 1;
    return this.answer;
  }

  onChange(callback: () => void): () => void {
    this.callbacks.add(callback);
    return () => void this.callbacks.delete(callback);
  }

  see(answer: AnalysisAnswer): void {
    this.answer = answer;
    for (const callback of this.callbacks) callback();
  }
}

function ask(
  answer: AnalysisAnswer,
  signal?: AbortSignal,
): { index: FakeIndex; clock: FakeClock; told: AnalysisAnswer[] } {
  const [index, clock, told] = [new FakeIndex(answer), new FakeClock(), [] as AnalysisAnswer[]];
  const given = new PatientAnalysis(index, clock).judge({ object }, null, signal && { signal });
  void Promise.resolve(given).then((settled) => told.push(settled));
  return { index, clock, told };
}

describe('an answer that finds fault', () => {
  it.each([
    ['nothing', FINE],
    ['what a resource does to itself', { ...FINE, warnings: [finding] }],
  ])('comes at once with %s, whoever waits', (_what, answer) => {
    const caller = {
      get signal(): AbortSignal {
        throw new Error('nobody asks how long the caller waits');
      },
    };
    expect(new PatientAnalysis(new FakeIndex(answer), new FakeClock()).judge({ object }, null, caller)).toBe(answer);
  });

  it.each([
    ['warning', WARNED, PATIENCE.warnMs],
    ['refusal', REFUSED, PATIENCE.refuseMs],
  ])('waits as a %s, and stays when nothing more is seen', async (_what, answer, ms) => {
    const { clock, told, index } = ask(answer);
    await clock.advance(ms - 1);
    expect(told).toEqual([]);
    await clock.advance(1);
    expect(told).toEqual([answer]);
    expect(index.callbacks.size).toBe(0);
  });

  it.each([WARNED, REFUSED])('is dropped when what was missing is seen', async (answer) => {
    const { clock, told, index } = ask(answer);
    await settle();
    index.see(FINE);
    await clock.advance(10);
    expect(told).toEqual([FINE]);
  });

  it('looks once for changes that come together, and goes on while the fault stays', async () => {
    const { clock, told, index } = ask(REFUSED);
    await settle();
    for (let i = 0; i < 100; i += 1) index.see(REFUSED);
    await clock.advance(20);
    expect([index.looks, told]).toEqual([2, []]);
    index.see(FINE);
    await clock.advance(20);
    expect(told).toEqual([FINE]);
  });

  it('waits no longer for a warning than for what it is, when the refusal is off the table', async () => {
    const { clock, told, index } = ask(REFUSED);
    await clock.advance(PATIENCE.warnMs);
    index.see(WARNED);
    await clock.advance(20);
    expect(told).toEqual([WARNED]);
  });

  it('is given up when nobody waits for it', async () => {
    const caller = new AbortController();
    const { told, index } = ask(REFUSED, caller.signal);
    await settle();
    caller.abort();
    await settle();
    expect(told).toEqual([REFUSED]);
    expect(index.callbacks.size).toBe(0);
  });
});

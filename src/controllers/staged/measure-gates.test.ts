import { describe, expect, it } from 'vitest';
import type { Measured } from '../../core/steps/judge-query.ts';
import { measureGates } from './measure-gates.ts';

const GATE = { name: 'errors', query: 'errors', traffic: 'requests', bounds: { max: 1, minTraffic: 1 } };
const RELATIVE = { name: 'delay', query: 'delay', bounds: { maxIncreasePercent: 10 } };
const [BEFORE, STARTED] = [undefined, 1_000];

const told = (answers: Record<string, Measured>): { measure: (query: string, at?: number) => Promise<Measured> } => ({
  measure: async (query, at) =>
    Promise.resolve(answers[at === undefined ? query : `${query}@${at}`] ?? { value: undefined }),
});

describe('gates', () => {
  it.each<[string, Record<string, Measured>, number | undefined, string]>([
    ['let a first step begin where nothing was sent yet', {}, BEFORE, 'silent'],
    ['do not take traffic that nobody counts for none, later', {}, STARTED, 'unknown'],
    ['are silent where there is too little', { requests: { value: 0 }, errors: { value: 9 } }, STARTED, 'silent'],
    ['judge where there is enough', { requests: { value: 2 }, errors: { value: 9 } }, STARTED, 'bad'],
    ['do not know where traffic cannot be asked for', { requests: { failure: 'no' } }, BEFORE, 'unknown'],
  ])('%s', async (_, answers, startedAt, result) => {
    expect(await measureGates(told(answers), [GATE], startedAt)).toMatchObject([{ name: 'errors', result }]);
  });

  it('compare with what was when the first step began', async () => {
    const answers = { delay: { value: 120 }, 'delay@1000': { value: 100 } };
    expect(await measureGates(told(answers), [RELATIVE], STARTED)).toMatchObject([{ result: 'bad' }]);
    expect(await measureGates(told(answers), [RELATIVE], BEFORE)).toMatchObject([{ result: 'silent' }]);
  });

  it('are unknown without a Prometheus, and say how to name one', async () => {
    expect(await measureGates(undefined, [GATE], STARTED)).toEqual([
      {
        name: 'errors',
        result: 'unknown',
        text: 'the operator knows no Prometheus: its option --prometheus-url names one',
      },
    ]);
  });
});

import { expect, it } from 'vitest';
import { compareWithKnown } from './compare-with-known.ts';

const outcome = { tried: ['a.ts: checkA', 'a.ts: checkB', 'a.ts: checkC'], unnoticed: ['a.ts: checkB'] };

it('passes what is known, whatever was not tried', () => {
  expect(compareWithKnown({ ...outcome, known: ['a.ts: checkB', 'b.ts: checkD'] })).toEqual([]);
});

it('names a rule that no case would miss', () => {
  expect(compareWithKnown({ ...outcome, known: [] })).toEqual([
    'a.ts: checkB: no case would miss it: write one in test/cases',
  ]);
});

it('lets the list only shrink', () => {
  expect(compareWithKnown({ ...outcome, known: ['a.ts: checkA', 'a.ts: checkB'] })).toEqual([
    'a.ts: checkA: a case notices it now: take it out of tools/mutate/unnoticed.txt',
  ]);
});

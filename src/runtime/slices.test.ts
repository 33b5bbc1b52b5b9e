import { expect, it } from 'vitest';
import { finish, type Pausable } from '../core/pausable.ts';
import { runInSlices } from './slices.ts';

/** Work of so many milliseconds, a step each, by a clock of its own; `slices` has how many were done in each turn. */
function workOf(milliseconds: number): { work: Pausable<string>; now: () => number; slices: number[] } {
  const slices: number[] = [];
  let [time, seen] = [0, 0];
  const nextTurn = (): void => {
    slices.push(time - seen);
    seen = time;
    if (time < milliseconds) setImmediate(nextTurn);
  };
  setImmediate(nextTurn);
  function* work(): Pausable<string> {
    for (let step = 0; step < milliseconds; step += 1) {
      time += 1;
      yield;
    }
    return 'done';
  }
  return { work: work(), now: () => time, slices };
}

it('holds the event loop for some milliseconds in each turn', async () => {
  const { work, now, slices } = workOf(12);
  expect(await runInSlices(work, now)).toBe('done');
  expect(Math.max(...slices)).toBe(5);
});

it('holds it no longer where several want to', async () => {
  const works = [workOf(12), workOf(20), workOf(7)];
  const ends = works.map(({ work, now }) => runInSlices(work, now));
  expect(await Promise.all(ends)).toEqual(['done', 'done', 'done']);
  const [first = []] = works.map(({ slices }) => slices);
  const all = first.map((_, turn) => works.reduce((sum, { slices }) => sum + (slices[turn] ?? 0), 0));
  expect(Math.max(...all)).toBe(5);
});

it('rejects with what the work throws, and others go on', async () => {
  function* broken(): Pausable<never> {
    yield;
    throw new Error('it does not work');
  }
  const { work, now } = workOf(12);
  const [fault, result] = await Promise.allSettled([runInSlices(broken()), runInSlices(work, now)]);
  expect(fault).toMatchObject({ status: 'rejected', reason: { message: 'it does not work' } });
  expect(result).toEqual({ status: 'fulfilled', value: 'done' });
});

it('does the same at once where nobody waits', () => {
  expect(finish(workOf(12).work)).toBe('done');
});

import { setImmediate } from 'node:timers';
import { expect, it } from 'vitest';
import { finish, type Pausable } from '../core/pausable.ts';
import { runInSlices } from './run-in-slices.ts';

/** Steps of a millisecond each by a clock of their own, and who had the event loop. */
function countTo(last: number): { work: Pausable<string>; now: () => number; turns: string[] } {
  const turns: string[] = [];
  let time = 0;
  function* work(): Pausable<string> {
    for (let step = 1; step <= last; step += 1) {
      time += 1;
      turns.push(`step ${step}`);
      yield;
    }
    return 'done';
  }
  return { work: work(), now: () => time, turns };
}

it('lets others go on between slices', async () => {
  const { work, now, turns } = countTo(12);
  setImmediate(() => turns.push('another'));
  expect(await runInSlices(work, now)).toBe('done');
  expect(turns.indexOf('another')).toBe(5);
  expect(turns.filter((turn) => turn !== 'another')).toHaveLength(12);
});

it('rejects with what the work throws', async () => {
  function* work(): Pausable<never> {
    yield;
    throw new Error('it does not work');
  }
  await expect(runInSlices(work())).rejects.toThrow('it does not work');
});

it('does the same at once', () => {
  const { work, turns } = countTo(12);
  expect(finish(work)).toBe('done');
  expect(turns).toHaveLength(12);
});

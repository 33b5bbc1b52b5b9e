import { expect, it } from 'vitest';
import { TurnQueue } from './turn-queue.ts';

/** A queue in a loop whose turns and time are moved by hand: each task takes three milliseconds. */
function createLoop(): { run: (owner: string, name: string) => boolean; turn: () => void; done: string[] } {
  let now = 0;
  let next: (() => void) | undefined;
  const done: string[] = [];
  const queue = new TurnQueue({ shareMs: 4, monotonic: () => now, nextTurn: (run) => (next = run) });
  const task = (name: string) => (): void => {
    done.push(name);
    now += 3;
  };
  const turn = (): void => {
    const run = next;
    next = undefined;
    run?.();
  };
  return { run: (owner, name) => queue.run(owner, task(name)), turn, done };
}

it('runs tasks at once while they are few', () => {
  const { run, turn, done } = createLoop();
  run('a', '1');
  turn();
  run('a', '2');
  expect(done).toEqual(['1', '2']);
});

it('leaves what is more to later turns, and lets owners take turns', () => {
  const { run, turn, done } = createLoop();
  for (const name of ['a1', 'a2', 'a3', 'a4', 'a5']) run(name.charAt(0), name);
  expect(done).toEqual(['a1', 'a2']);
  for (const name of ['b1', 'b2', 'b3']) run(name.charAt(0), name);
  turn();
  turn();
  turn();
  expect(done.slice(3)).toEqual(['a3', 'b2', 'a4', 'b3', 'a5']);
});

it('makes nobody wait for those who keep it full, but for a share of their own', () => {
  const { run, turn, done } = createLoop();
  for (const name of ['a1', 'a2', 'a3', 'a4', 'a5']) run('a', name);
  for (const name of ['b1', 'b2', 'c1', 'd1']) run(name.charAt(0), name);
  // Six milliseconds went by, of eight.
  expect(done).toEqual(['a1', 'a2', 'b1']);
  turn();
  expect(done.slice(3)).toEqual(['a3', 'b2']);
  for (const name of ['c2', 'e1']) run(name.charAt(0), name);
  expect(done.slice(5)).toEqual(['e1']);
});

it('refuses what could never be answered in time', () => {
  const { run, done } = createLoop();
  const taken = Array.from({ length: 3_000 }, (_, i) => run('a', String(i)));
  expect(taken.filter((isTaken) => !isTaken).length).toBeGreaterThan(0);
  expect(run('b', 'b')).toBe(true);
  expect(done).toEqual(['0', '1', 'b']);
});

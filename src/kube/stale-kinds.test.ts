import { expect, it } from 'vitest';
import { FakeClock } from '../../test/builders/fake-clock.ts';
import type { WatchState } from './informer-pool.ts';
import { StaleKinds } from './stale-kinds.ts';

function createWorld(): { clock: FakeClock; watches: WatchState[]; stale: StaleKinds; told: number[] } {
  const clock = new FakeClock();
  const watches: WatchState[] = [];
  const stale = new StaleKinds({ informers: { watches }, clock });
  const told: number[] = [];
  stale.subscribe(() => told.push(clock.monotonic()));
  stale.start();
  return { clock, watches, stale, told };
}

it('tells of a kind that cannot be read for a minute, and when it can be again', async () => {
  const { clock, watches, stale, told } = createWorld();
  const lastEventAt = clock.now();
  watches.push({ kind: 'Pod', isHealthy: false, lastEventAt });
  await clock.advance(50_000);
  expect([stale.list(), told]).toEqual([[], []]);
  await clock.advance(70_000);
  expect(stale.list()).toEqual([{ kind: 'Pod', since: '2026-01-01T00:00:00.000Z' }]);
  expect(told).toEqual([75_000]);
  watches[0] = { kind: 'Pod', isHealthy: true, lastEventAt: clock.now() };
  await clock.advance(15_000);
  expect([stale.list(), told]).toEqual([[], [75_000, 135_000]]);
});

it('goes by the older of two watches of a kind', async () => {
  const { clock, watches, stale } = createWorld();
  const at = clock.now();
  watches.push(
    { kind: 'Pod', isHealthy: false, lastEventAt: at + 5_000 },
    { kind: 'Pod', isHealthy: false, lastEventAt: at },
    { kind: 'Namespace', isHealthy: false, lastEventAt: at },
  );
  await clock.advance(100_000);
  expect(stale.list().map(({ kind, since }) => [kind, Date.parse(since) - at])).toEqual([
    ['Namespace', 0],
    ['Pod', 0],
  ]);
});

it('says nothing of what is quiet, and of what was never read', async () => {
  const { clock, watches, stale, told } = createWorld();
  watches.push(
    { kind: 'Pod', isHealthy: true, lastEventAt: clock.now() },
    { kind: 'Service', isHealthy: false, lastEventAt: undefined },
  );
  await clock.advance(300_000);
  expect([stale.list(), told]).toEqual([[], []]);
});

it('looks no more once it is stopped', async () => {
  const { clock, watches, stale, told } = createWorld();
  watches.push({ kind: 'Pod', isHealthy: false, lastEventAt: clock.now() });
  stale.stop();
  await clock.advance(300_000);
  expect(told).toEqual([]);
});

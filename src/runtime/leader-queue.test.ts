import { describe, expect, it } from 'vitest';
import { FakeClock, settle } from '../../test/builders/fake-clock.ts';
import { createSilentLog } from '../telemetry/log.ts';
import { createMetrics, type Metrics } from '../telemetry/metrics.ts';
import { LeaderQueue, type PassEnd } from './leader-queue.ts';

interface World {
  queue: LeaderQueue;
  clock: FakeClock;
  metrics: Metrics;
  /** Keys of the passes that began. */
  ran: string[];
  signals: AbortSignal[];
  finish: (end?: PassEnd | Error) => Promise<void>;
}

function createWorld(keys: readonly string[] = []): World {
  const clock = new FakeClock();
  const metrics = createMetrics({ processMetrics: false });
  const open: PromiseWithResolvers<PassEnd | void>[] = [];
  const [ran, signals]: [string[], AbortSignal[]] = [[], []];
  const pass = (key: string, signal: AbortSignal): Promise<PassEnd | void> => {
    const work = Promise.withResolvers<PassEnd | void>();
    ran.push(key);
    signals.push(signal);
    open.push(work);
    return work.promise;
  };
  const finish = async (end?: PassEnd | Error): Promise<void> => {
    const work = open.shift();
    if (end instanceof Error) work?.reject(end);
    else work?.resolve(end);
    await settle();
  };
  const backoff = { baseMs: 100, maxMs: 1_000 };
  const basics = { name: 'test', log: createSilentLog(), metrics, clock, backoff, random: () => 1 };
  const queue = new LeaderQueue({ ...basics, pass, listKeys: () => keys });
  return { queue, clock, metrics, ran, signals, finish };
}

const countsOf = async ({ metrics }: World): Promise<string[]> => {
  const text = await metrics.registry.metrics();
  return text.split('\n').filter((line) => line.startsWith('sailwright_reconcile_total{'));
};

describe('the queue of a leader', () => {
  it('does nothing while another one leads', async () => {
    const { queue, ran, clock } = createWorld(['a']);
    queue.add('a');
    queue.addAll();
    queue.addAfter('a', 1);
    await clock.advance(1_000);
    expect([queue.isLeading, ran]).toEqual([false, []]);
    await queue.stopLeading();
  });

  it('begins with everything, in each term anew', async () => {
    const { queue, ran, finish } = createWorld(['a', 'b']);
    for (const term of [1, 2]) {
      queue.startLeading();
      await settle();
      await finish();
      await finish();
      expect(ran.splice(0), `term ${term}`).toEqual(['a', 'b']);
      await queue.stopLeading();
    }
  });

  it('ends when the pass under way has ended, and tells it to', async () => {
    const { queue, signals, finish } = createWorld(['a']);
    queue.startLeading();
    await settle();
    let hasEnded = false;
    const ending = queue.stopLeading().then(() => (hasEnded = true));
    await settle();
    expect([signals[0]?.aborted, hasEnded, queue.isLeading]).toEqual([true, false, false]);
    await finish();
    await ending;
  });

  it('never works for two terms at a time, however often the lead comes and goes', async () => {
    const { queue, ran, finish } = createWorld(['a']);
    queue.startLeading();
    await settle();
    for (const _ of [1, 2]) {
      void queue.stopLeading();
      queue.startLeading();
      await settle();
    }
    expect(ran).toEqual(['a']);
    await finish();
    expect(ran).toEqual(['a', 'a']);
  });

  it('repeats what failed with back-off, sooner after progress', async () => {
    const { queue, ran, clock, finish } = createWorld(['a']);
    queue.startLeading();
    await settle();
    await finish(new Error('broken'));
    expect(queue.failures('a')).toBe(1);
    await clock.advance(100);
    await finish(new Error('broken'));
    await clock.advance(150);
    expect(ran).toHaveLength(2);
    await clock.advance(50);
    queue.noteProgress('a');
    await finish(new Error('broken'));
    await clock.advance(100);
    expect(ran).toHaveLength(4);
  });

  it('counts passes by how they ended, and none that was cut short', async () => {
    const world = createWorld(['a', 'b', 'c', 'd']);
    world.queue.startLeading();
    await settle();
    await world.finish();
    await world.finish({ isPending: true, requeueAfterMs: 1_000 });
    await world.finish(new Error('broken'));
    void world.queue.stopLeading();
    await world.finish(new Error('cut short'));
    expect(await countsOf(world)).toEqual([
      'sailwright_reconcile_total{controller="test",result="success"} 1',
      'sailwright_reconcile_total{controller="test",result="requeue"} 1',
      'sailwright_reconcile_total{controller="test",result="error"} 1',
    ]);
  });
});

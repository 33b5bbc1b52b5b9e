import { describe, expect, it } from 'vitest';
import { FakeClock, settle } from '../../test/builders/fake-clock.ts';
import { WorkQueue, type WorkResult } from './work-queue.ts';

function createQueue(concurrency = 1): {
  queue: WorkQueue;
  clock: FakeClock;
  ran: string[];
  finish: (result?: WorkResult | Error) => Promise<void>;
} {
  const clock = new FakeClock();
  const ran: string[] = [];
  const open: PromiseWithResolvers<WorkResult | void>[] = [];
  const process = (key: string): Promise<WorkResult | void> => {
    ran.push(key);
    const work = Promise.withResolvers<WorkResult | void>();
    open.push(work);
    return work.promise;
  };
  const backoff = { baseMs: 100, maxMs: 1_000 };
  const queue = new WorkQueue({ process, concurrency, clock, backoff, random: () => 1 });
  const finish = async (result?: WorkResult | Error): Promise<void> => {
    const work = open.shift();
    if (result instanceof Error) work?.reject(result);
    else work?.resolve(result);
    await settle();
  };
  return { queue, clock, ran, finish };
}

describe('WorkQueue', () => {
  it('runs a key once however often it was added before', async () => {
    const { queue, ran, finish } = createQueue();
    ['a', 'a', 'b', 'a'].forEach((key) => queue.add(key));
    expect(queue.depth).toBe(2);
    queue.start();
    await finish();
    await finish();
    expect(ran).toEqual(['a', 'b']);
    expect([queue.depth, queue.inFlight]).toEqual([0, 0]);
  });

  it('runs a key once more when it is added while it runs, and never twice at a time', async () => {
    const { queue, ran, finish } = createQueue(4);
    queue.start();
    queue.add('a');
    queue.add('a');
    queue.add('a');
    expect(ran).toEqual(['a']);
    expect([queue.depth, queue.inFlight]).toEqual([1, 1]);
    await finish();
    expect(ran).toEqual(['a', 'a']);
    await finish();
    expect(ran).toHaveLength(2);
  });

  it('keeps to its concurrency', async () => {
    const { queue, ran, finish } = createQueue(2);
    queue.start();
    ['a', 'b', 'c'].forEach((key) => queue.add(key));
    expect(ran).toEqual(['a', 'b']);
    await finish();
    expect(ran).toEqual(['a', 'b', 'c']);
  });

  it('waits longer after each failure, and forgets them after a success', async () => {
    const { queue, clock, ran, finish } = createQueue();
    queue.start();
    queue.add('a');
    for (const wait of [100, 200, 400, 800, 1_000, 1_000]) {
      const before = ran.length;
      await finish(new Error('no'));
      await clock.advance(wait - 1);
      expect(ran).toHaveLength(before);
      await clock.advance(1);
      expect(ran).toHaveLength(before + 1);
    }
    expect(queue.failures('a')).toBe(6);
    await finish();
    expect(queue.failures('a')).toBe(0);
  });

  it('comes back after requeueAfterMs, or earlier when the key is added', async () => {
    const { queue, clock, ran, finish } = createQueue();
    queue.start();
    queue.add('a');
    await finish({ requeueAfterMs: 500 });
    expect(queue.delayed).toBe(1);
    queue.add('a');
    await finish();
    await clock.advance(1_000);
    expect(ran).toHaveLength(2);
  });

  it('waits as after a first failure where the work comes on', async () => {
    const { queue, clock, ran, finish } = createQueue();
    queue.start();
    queue.add('a');
    for (const isComing of [false, false, true, false]) {
      const before = ran.length;
      if (isComing) queue.noteProgress('a');
      await finish(new Error('no'));
      await clock.advance(isComing || before === 1 ? 100 : before === 2 || before === 4 ? 200 : 0);
      expect(ran).toHaveLength(before + 1);
    }
  });

  it('keeps the earlier of two times', async () => {
    const { queue, clock, ran } = createQueue();
    queue.start();
    queue.addAfter('a', 500);
    queue.addAfter('a', 100);
    queue.addAfter('a', 900);
    await clock.advance(100);
    expect(ran).toEqual(['a']);
  });

  it('ends after the work under way, and takes nothing more', async () => {
    const { queue, ran, finish } = createQueue();
    queue.start();
    queue.add('a');
    queue.add('b');
    let stopped = false;
    const stopping = queue.stop().then(() => (stopped = true));
    queue.add('c');
    await settle();
    expect(stopped).toBe(false);
    await finish();
    await stopping;
    expect(ran).toEqual(['a']);
  });
});

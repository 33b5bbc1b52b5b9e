import { Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import { createSilentLog } from '../telemetry/log.ts';
import { createWorkerMetrics } from '../telemetry/worker-metrics.ts';
import { WorkerPool, type WorkerPoolOptions } from './worker-pool.ts';

/** Doubles numbers; other words make it fail as its job says. */
const SCRIPT = `
  import { parentPort } from 'node:worker_threads';
  parentPort.on('message', ({ id, job }) => {
    if (job === 'loop') for (;;);
    if (job === 'exit') process.exit(3);
    if (job === 'memory') for (const all = []; ; ) all.push(new Array(1e5).fill(all.length));
    if (job === 'throw') parentPort.postMessage({ id, ok: false, error: 'it broke' });
    else parentPort.postMessage({ id, ok: true, result: job * 2 });
  });
`;
const entry = new URL(`data:text/javascript,${encodeURIComponent(SCRIPT)}`);
const pools: WorkerPool[] = [];

function createPool(options: Partial<WorkerPoolOptions> = {}): WorkerPool {
  const pool = new WorkerPool({ name: 'test', entry, log: createSilentLog(), ...options });
  pools.push(pool);
  return pool;
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.stop()));
});

describe('WorkerPool', () => {
  it('starts a worker when there is something to do, and keeps it for the next job', async () => {
    const pool = createPool();
    expect(pool.workers).toBe(0);
    expect(await Promise.all([pool.run(1), pool.run(2)])).toEqual([2, 4]);
    expect(pool.workers).toBe(1);
  });

  it('passes on what a job threw', async () => {
    await expect(createPool().run('throw')).rejects.toThrow('it broke');
  });

  it('ends a job that takes too long, and carries out the next ones', async () => {
    const pool = createPool({ jobMs: 300 });
    const [late, next] = await Promise.allSettled([pool.run('loop'), pool.run(3)]);
    expect(late).toMatchObject({ status: 'rejected', reason: { failure: 'late' } });
    expect(next).toEqual({ status: 'fulfilled', value: 6 });
    expect(pool.findProblem()).toBeUndefined();
  });

  it('survives a job that takes too much memory', async () => {
    const pool = createPool({ memoryMib: 32 });
    await expect(pool.run('memory')).rejects.toMatchObject({ failure: 'memory' });
    expect(await pool.run(4)).toBe(8);
  });

  it('tells of workers that end again and again, until one answers', async () => {
    const pool = createPool();
    for (let i = 0; i < 3; i++) await expect(pool.run('exit')).rejects.toThrow('the worker ended');
    expect(pool.findProblem()).toContain('3 workers in a row ended');
    await pool.run(1);
    expect(pool.findProblem()).toBeUndefined();
  });

  it('begins nothing that nobody waits for, and takes no more than there is room for', async () => {
    const pool = createPool({ queue: { total: 10, perOwner: 2 } });
    const gone = new AbortController();
    const first = pool.run(1);
    const withdrawn = pool.run(2, { signal: gone.signal });
    gone.abort();
    await expect(withdrawn).rejects.toMatchObject({ failure: 'withdrawn' });
    await expect(pool.run(3, { weight: 3 })).rejects.toMatchObject({ failure: 'busy' });
    expect(await first).toBe(2);
  });

  it('ends a worker that has nothing to do', async () => {
    const pool = createPool({ idleMs: 1 });
    await pool.run(1);
    await expect.poll(() => pool.workers).toBe(0);
    expect(await pool.run(2)).toBe(4);
  });

  describe('offers', () => {
    it('reach no worker before one has answered', async () => {
      const pool = createPool({ size: 1, heldWeight: 2 });
      expect(pool.offer(() => 1)).toBeUndefined();
      const first = pool.grow(1);
      expect(pool.offer(() => 2)).toBeUndefined();
      expect(await first).toBe(2);
      expect(await pool.offer(() => 2)).toBe(4);
    });

    it('fill each worker up to a weight, that with least first, and are not even made beyond it', async () => {
      const pool = createPool({ size: 2, heldWeight: 4 });
      await pool.grow(1);
      await pool.grow(1);
      expect(pool.grow(1)).toBeUndefined();
      const given = [pool.offer(() => 1, { weight: 3 }), pool.offer(() => 2, { weight: 2 })];
      // Beside the second: the first has room for less.
      given.push(pool.offer(() => 3, { weight: 2 }));
      expect(pool.busy).toBe(2);
      const refuse = (): never => {
        throw new Error('was made');
      };
      expect(pool.offer(refuse, { weight: 2 })).toBeUndefined();
      given.push(pool.offer(() => 4, { weight: 1 }));
      for (const [i, result] of [2, 4, 6, 8].entries()) expect(await given[i]).toBe(result);
      // What is heavier than all that a worker may hold has one to itself.
      expect(await pool.offer(() => 5, { weight: 9 })).toBe(10);
    });

    it('fail with the worker that holds them, and are taken by the next one', async () => {
      const pool = createPool({ heldWeight: 9 });
      await pool.grow(1);
      const held = [pool.offer(() => 'exit'), pool.offer(() => 2)];
      await Promise.all(held.map((job) => expect(job).rejects.toMatchObject({ failure: 'crashed' })));
      expect(pool.offer(() => 3)).toBeUndefined();
      await pool.grow(1);
      expect(await pool.offer(() => 3)).toBe(6);
    });

    it('reach nobody after a stop', async () => {
      const pool = createPool();
      await pool.grow(1);
      await pool.stop();
      expect([pool.offer(() => 1), pool.grow(1)]).toEqual([undefined, undefined]);
    });
  });

  it('takes no job after it was stopped', async () => {
    const pool = createPool();
    const open = pool.run('loop');
    const ended = expect(open).rejects.toMatchObject({ failure: 'stopped' });
    await pool.stop();
    await ended;
    await expect(pool.run(1)).rejects.toMatchObject({ failure: 'stopped' });
  });

  it('tells what became of its jobs and workers', async () => {
    const registry = new Registry();
    const pool = createPool({ queue: { total: 4, perOwner: 4 }, metrics: createWorkerMetrics(registry) });
    const read = async (name: string): Promise<Record<string, number>> => {
      const metric = (await registry.getMetricsAsJSON()).find((each) => each.name === name);
      const lines = (metric?.values ?? []) as { labels: Record<string, string>; value: number }[];
      return Object.fromEntries(lines.map(({ labels, value }) => [Object.values(labels).join(' '), value]));
    };
    const open = [pool.run(1, { kind: 'double' }), pool.run('throw', { kind: 'double' }), pool.run('exit')];
    const tooMuch = pool.run(1, { kind: 'double', weight: 9 });
    expect(await read('sailwright_workers_busy')).toEqual({ test: 1 });
    expect(await read('sailwright_worker_queue_length')).toEqual({ test: 2 });
    await Promise.allSettled([...open, tooMuch]);
    expect(await read('sailwright_worker_jobs_total')).toEqual({
      'test double done': 1,
      'test double failed': 1,
      'test double busy': 1,
      'test job crashed': 1,
    });
    expect(await read('sailwright_worker_losses_total')).toEqual({ 'test crashed': 1 });
    expect(await registry.metrics()).toContain(
      'sailwright_worker_job_duration_seconds_count{pool="test",kind="double"} 2',
    );
    expect(await read('sailwright_workers')).toEqual({ test: 0 });
  });
});

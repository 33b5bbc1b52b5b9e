import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/builders/fake-clock.ts';
import { FakeKubeApi, unreachable } from '../../test/builders/fake-kube-api.ts';
import type { KubeObject } from '../core/kube-object.ts';
import { LeaderElector, type LeaseWatch } from './leader-election.ts';

interface Replica {
  elector: LeaderElector;
  api: { down: boolean; losesAnswers: boolean };
  log: string[];
  stop: () => Promise<void>;
}

/** Tells everybody of each write at once, as a watch does. */
class FakeWatch implements LeaseWatch {
  readonly #handlers = new Set<Parameters<LeaseWatch['subscribe']>[0]>();
  start = (): void => undefined;
  stop = (): Promise<void> => Promise.resolve();
  subscribe: LeaseWatch['subscribe'] = (handler) => {
    this.#handlers.add(handler);
    return () => void this.#handlers.delete(handler);
  };
  tell(object: KubeObject): KubeObject {
    for (const handler of this.#handlers) handler({ type: 'updated', object });
    return object;
  }
}

interface World {
  server: FakeKubeApi;
  clock: FakeClock;
  watch?: FakeWatch;
  onStopped?: () => Promise<void>;
}

function startReplica(identity: string, world: World): Replica {
  const { server, clock, watch, onStopped } = world;
  const log: string[] = [];
  const api = { down: false, losesAnswers: false };
  const guard = <T>(call: () => Promise<T>): Promise<T> => (api.down ? Promise.reject(unreachable()) : call());
  const tell = (lease: KubeObject): KubeObject | Promise<KubeObject> => {
    watch?.tell(lease);
    return api.losesAnswers ? new Promise(() => undefined) : lease;
  };
  const elector = new LeaderElector({
    connect: () => ({
      get: (ref) => guard(() => server.get(ref)),
      create: (object) => guard(() => server.create(object).then(tell)),
      replace: (object) => guard(() => server.replace(object).then(tell)),
    }),
    ...(watch ? { watch } : {}),
    namespace: 'ns',
    name: 'lease',
    identity,
    clock,
    random: () => 0,
    onStartedLeading: () => log.push('started'),
    onStoppedLeading: (reason) => {
      log.push(`stopped: ${reason}`);
      return onStopped?.();
    },
  });
  const abort = new AbortController();
  const running = elector.run(abort.signal);
  const stop = async (): Promise<void> => {
    abort.abort();
    await running;
  };
  return { elector, api, log, stop };
}

/** Advances in small steps until it holds; how long that took. */
async function waitUntil(clock: FakeClock, holds: () => boolean): Promise<number> {
  const began = clock.monotonic();
  while (!holds()) {
    if (clock.monotonic() - began > 60_000) throw new Error('it did not come to hold within a minute');
    await clock.advance(50);
  }
  return clock.monotonic() - began;
}

describe('LeaderElector', () => {
  it('lets exactly one of two lead', async () => {
    const [server, clock] = [new FakeKubeApi(), new FakeClock()];
    const [a, b] = [startReplica('a', { server, clock }), startReplica('b', { server, clock })];
    await clock.advance(60_000);
    expect([a.elector.isLeader(), b.elector.isLeader()].filter(Boolean)).toHaveLength(1);
    expect(b.elector.holder).toBe(a.elector.holder);
    await Promise.all([a.stop(), b.stop()]);
  });

  it('hands over at once when the leader shuts down', async () => {
    const [server, clock] = [new FakeKubeApi(), new FakeClock()];
    const a = startReplica('a', { server, clock });
    await clock.advance(1_000);
    const b = startReplica('b', { server, clock });
    await clock.advance(1_000);
    await a.stop();
    expect(a.log).toEqual(['started', 'stopped: shutdown']);
    await clock.advance(2_000);
    expect(b.elector.isLeader()).toBe(true);
    await b.stop();
  });

  it('never lets two lead when the leader loses the API server', async () => {
    const [server, clock] = [new FakeKubeApi(), new FakeClock()];
    const a = startReplica('a', { server, clock });
    await clock.advance(1_000);
    const b = startReplica('b', { server, clock });
    await clock.advance(5_000);
    a.api.down = true;
    for (let second = 0; second < 30; second += 1) {
      await clock.advance(1_000);
      expect(a.elector.isLeader() && b.elector.isLeader()).toBe(false);
    }
    expect(a.log).toEqual(['started', 'stopped: the lease was not renewed in time']);
    expect(b.elector.isLeader()).toBe(true);
    a.api.down = false;
    await clock.advance(10_000);
    expect(a.elector.isLeader()).toBe(false);
    await Promise.all([a.stop(), b.stop()]);
  });

  it.each([0, 500, 1_000, 1_500, 1_950])(
    'takes over 15 s after the last renewal, killed %i ms after it',
    async (ms) => {
      const [server, clock, watch] = [new FakeKubeApi(), new FakeClock(), new FakeWatch()];
      const a = startReplica('a', { server, clock, watch });
      await clock.advance(1_000);
      const b = startReplica('b', { server, clock, watch });
      const writes = server.writes.length;
      await waitUntil(clock, () => server.writes.length > writes);
      await clock.advance(ms);
      a.api.down = true;
      expect(await waitUntil(clock, () => b.elector.isLeader())).toBeLessThanOrEqual(15_100 - ms);
      await b.stop();
    },
  );

  it('takes over within moments when the leader shuts down, be its work stuck', async () => {
    const [server, clock, watch] = [new FakeKubeApi(), new FakeClock(), new FakeWatch()];
    const stuck = (): Promise<void> => new Promise(() => undefined);
    const a = startReplica('a', { server, clock, watch, onStopped: stuck });
    await clock.advance(1_000);
    const b = startReplica('b', { server, clock, watch });
    await clock.advance(1_000);
    void a.stop();
    expect(await waitUntil(clock, () => b.elector.isLeader())).toBeLessThan(1_500);
    expect(a.elector.isLeader()).toBe(false);
    await b.stop();
  });

  it('does not read the lease while the watch tells of its holder, and does once it is silent', async () => {
    const [server, clock, watch] = [new FakeKubeApi(), new FakeClock(), new FakeWatch()];
    const a = startReplica('a', { server, clock, watch });
    await clock.advance(1_000);
    const b = startReplica('b', { server, clock, watch });
    await clock.advance(3_000);
    let reads = 0;
    server.fault = ({ verb }) => void (reads += verb === 'get' ? 1 : 0);
    await clock.advance(60_000);
    expect(reads).toBe(0);
    watch.tell = (object) => object;
    await clock.advance(60_000);
    expect(reads).toBeGreaterThan(20);
    expect(b.elector.isLeader()).toBe(false);
    await Promise.all([a.stop(), b.stop()]);
  });

  it('ends requests under way at the deadline itself, not with the next attempt', async () => {
    const [server, clock] = [new FakeKubeApi(), new FakeClock()];
    const a = startReplica('a', { server, clock });
    await clock.advance(1_000);
    const { term } = a.elector;
    await waitUntil(clock, () => server.writes.length > 1);
    a.api.down = true;
    await clock.advance(9_900);
    expect(term?.aborted).toBe(false);
    await clock.advance(100);
    expect(term?.aborted).toBe(true);
    expect(a.elector.term).toBeUndefined();
    await a.stop();
  });

  it('keeps the lease while seven requests in a row fail, again and again', async () => {
    const [server, clock, watch] = [new FakeKubeApi(), new FakeClock(), new FakeWatch()];
    let request = 0;
    server.fault = () => ((request += 1) % 10 < 7 ? unreachable() : undefined);
    const a = startReplica('a', { server, clock, watch });
    await clock.advance(600_000);
    expect(a.log).toEqual(['started']);
    await a.stop();
  });

  it.each([
    { what: 'a process that was stalled', pass: (clock: FakeClock) => clock.stall(10_000) },
    { what: 'a machine that was suspended', pass: (clock: FakeClock) => clock.jumpWall(10_000) },
  ])('stops writing before any timer runs on $what', async ({ pass }) => {
    const [server, clock] = [new FakeKubeApi(), new FakeClock()];
    const a = startReplica('a', { server, clock });
    await clock.advance(1_000);
    expect(a.elector.isLeader()).toBe(true);
    pass(clock);
    expect(a.elector.isLeader()).toBe(false);
    await a.stop();
  });

  it('keeps the lease while the answers to all its writes are lost, as the watch tells of them', async () => {
    const [server, clock, watch] = [new FakeKubeApi(), new FakeClock(), new FakeWatch()];
    const a = startReplica('a', { server, clock, watch });
    await waitUntil(clock, () => a.elector.isLeader());
    a.api.losesAnswers = true;
    await clock.advance(60_000);
    expect(a.log).toEqual(['started']);
    expect(a.elector.isLeader()).toBe(true);
    a.api.losesAnswers = false;
    await a.stop();
  });

  it('gives up in time when a request hangs', async () => {
    const [server, clock] = [new FakeKubeApi(), new FakeClock()];
    const a = startReplica('a', { server, clock });
    await clock.advance(1_000);
    server.fault = () => new Promise(() => undefined);
    await clock.advance(10_000);
    expect(a.log.at(-1)).toBe('stopped: the lease was not renewed in time');
  });

  it('refuses a renew deadline that is not shorter than the lease', () => {
    const make = (): LeaderElector =>
      new LeaderElector({
        connect: () => new FakeKubeApi(),
        namespace: 'ns',
        name: 'lease',
        identity: 'a',
        onStartedLeading: () => undefined,
        onStoppedLeading: () => undefined,
        renewDeadlineMs: 15_000,
      });
    expect(make).toThrow('lease duration > renew deadline');
  });
});

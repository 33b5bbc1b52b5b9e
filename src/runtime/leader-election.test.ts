import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/builders/fake-clock.ts';
import { FakeKubeApi, unreachable } from '../../test/builders/fake-kube-api.ts';
import { LeaderElector } from './leader-election.ts';

interface Replica {
  elector: LeaderElector;
  api: { down: boolean };
  log: string[];
  stop: () => Promise<void>;
}

function startReplica(identity: string, server: FakeKubeApi, clock: FakeClock): Replica {
  const log: string[] = [];
  const api = { down: false };
  const guard = <T>(call: () => Promise<T>): Promise<T> => (api.down ? Promise.reject(unreachable()) : call());
  const elector = new LeaderElector({
    api: {
      get: (ref) => guard(() => server.get(ref)),
      create: (object) => guard(() => server.create(object)),
      replace: (object) => guard(() => server.replace(object)),
    },
    namespace: 'ns',
    name: 'lease',
    identity,
    clock,
    random: () => 0,
    onStartedLeading: () => log.push('started'),
    onStoppedLeading: (reason) => void log.push(`stopped: ${reason}`),
  });
  const abort = new AbortController();
  const running = elector.run(abort.signal);
  const stop = async (): Promise<void> => {
    abort.abort();
    await running;
  };
  return { elector, api, log, stop };
}

describe('LeaderElector', () => {
  it('lets exactly one of two lead', async () => {
    const [server, clock] = [new FakeKubeApi(), new FakeClock()];
    const [a, b] = [startReplica('a', server, clock), startReplica('b', server, clock)];
    await clock.advance(60_000);
    expect([a.elector.isLeader(), b.elector.isLeader()].filter(Boolean)).toHaveLength(1);
    expect(b.elector.holder).toBe(a.elector.holder);
    await Promise.all([a.stop(), b.stop()]);
  });

  it('hands over at once when the leader shuts down', async () => {
    const [server, clock] = [new FakeKubeApi(), new FakeClock()];
    const a = startReplica('a', server, clock);
    await clock.advance(1_000);
    const b = startReplica('b', server, clock);
    await clock.advance(1_000);
    await a.stop();
    expect(a.log).toEqual(['started', 'stopped: shutdown']);
    await clock.advance(2_000);
    expect(b.elector.isLeader()).toBe(true);
    await b.stop();
  });

  it('never lets two lead when the leader loses the API server', async () => {
    const [server, clock] = [new FakeKubeApi(), new FakeClock()];
    const a = startReplica('a', server, clock);
    await clock.advance(1_000);
    const b = startReplica('b', server, clock);
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

  it.each([
    { what: 'a process that was stalled', pass: (clock: FakeClock) => clock.stall(10_000) },
    { what: 'a machine that was suspended', pass: (clock: FakeClock) => clock.jumpWall(10_000) },
  ])('stops writing before any timer runs on $what', async ({ pass }) => {
    const [server, clock] = [new FakeKubeApi(), new FakeClock()];
    const a = startReplica('a', server, clock);
    await clock.advance(1_000);
    expect(a.elector.isLeader()).toBe(true);
    pass(clock);
    expect(a.elector.isLeader()).toBe(false);
    await a.stop();
  });

  it('gives up in time when a request hangs', async () => {
    const [server, clock] = [new FakeKubeApi(), new FakeClock()];
    const a = startReplica('a', server, clock);
    await clock.advance(1_000);
    server.fault = () => new Promise(() => undefined);
    await clock.advance(10_000);
    expect(a.log.at(-1)).toBe('stopped: the lease was not renewed in time');
  });

  it('refuses a renew deadline that is not shorter than the lease', () => {
    const make = (): LeaderElector =>
      new LeaderElector({
        api: new FakeKubeApi(),
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

import { expect, it } from 'vitest';
import { namespace } from '../../test/builders/small-mesh.ts';
import { toMeshState } from '../core/mesh/mesh-state.ts';
import { computeReport } from '../core/report/compute-report.ts';
import { LiveReport, snapshotOf, type Snapshot } from './live-report.ts';

const NAMES = ['a', 'b'];

function setUp(): { live: LiveReport; wait: (ms: number) => void; reads: () => number; fail: (error?: Error) => void } {
  let [now, reads] = [1_000_000, 0];
  let error: Error | undefined;
  const read = (): Promise<Snapshot> => {
    reads += 1;
    if (error) return Promise.reject(error);
    const objects = NAMES.slice(0, now > 2_000_000 ? 2 : 1).map((name) => namespace(name, { 'istio.io/rev': 'gone' }));
    const report = computeReport({
      source: { kind: 'cluster', name: 'test', sailwright: '0' },
      surroundings: { now, readCertificate: () => undefined },
      mesh: toMeshState({ objects, unread: [] }, 'istio-system'),
    });
    return Promise.resolve(snapshotOf(report));
  };
  return {
    live: new LiveReport({ read, now: () => now }),
    wait: (ms) => (now += ms),
    reads: () => reads,
    fail: (why) => (error = why),
  };
}

it('reads once for all who ask at the same time, and not again while it is fresh', async () => {
  const { live, wait, reads } = setUp();
  const both = await Promise.all([live.snapshot(), live.snapshot()]);
  wait(9_000);
  await live.snapshot();
  expect(both[0]).toBe(both[1]);
  expect(reads()).toBe(1);
});

it('has another tag when the mesh changed, and not for the time alone', async () => {
  const { live, wait, reads } = setUp();
  const first = await live.snapshot();
  wait(10_000);
  const same = await live.snapshot();
  wait(1_000_000);
  const changed = await live.snapshot();
  expect(reads()).toBe(3);
  expect(same.etag).toBe(first.etag);
  expect(changed.etag).not.toBe(first.etag);
});

it('tries again after a failure', async () => {
  const { live, fail } = setUp();
  fail(new Error('no cluster'));
  await expect(live.snapshot()).rejects.toThrow('no cluster');
  fail();
  await expect(live.snapshot()).resolves.toHaveProperty('etag');
});

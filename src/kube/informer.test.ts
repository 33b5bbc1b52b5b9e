import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/builders/fake-clock.ts';
import { FakeKubeApi, refused, unreachable } from '../../test/builders/fake-kube-api.ts';
import type { KubeObject } from '../core/kube-object.ts';
import { ApiError } from './errors.ts';
import type { Informer, InformerOptions } from './informer.ts';
import { InformerPool } from './informer-pool.ts';
import { MemoryBudget } from './memory-budget.ts';

const KIND = { apiVersion: 'v1', kind: 'ConfigMap' };

function configMap(name: string, value = '', namespace = 'ns'): KubeObject {
  return { ...KIND, metadata: { name, namespace }, data: { value } };
}

interface Started {
  pool: InformerPool;
  informer: Informer;
  clock: FakeClock;
  heard: string[];
}

async function startInformer(api: FakeKubeApi, options: Partial<InformerOptions> = {}): Promise<Started> {
  const clock = new FakeClock();
  const pool = new InformerPool({ api, clock, random: () => 0 });
  const informer = pool.open({ kind: KIND, ...options });
  const heard = hear(informer);
  informer.start();
  await clock.advance(0);
  return { pool, informer, clock, heard };
}

function hear(informer: Informer): string[] {
  const heard: string[] = [];
  informer.subscribe(({ type, object }) => heard.push(`${type} ${object.metadata.name}`));
  return heard;
}

/** The verbs of all calls from now on. */
function recordCalls(api: FakeKubeApi): string[] {
  const calls: string[] = [];
  api.fault = ({ verb }) => void calls.push(verb);
  return calls;
}

it('tells what is there, and what changes', async () => {
  const api = new FakeKubeApi();
  api.seed(configMap('a'));
  const { informer, clock, heard } = await startInformer(api);
  await informer.waitForSync();
  api.seed(configMap('b'));
  api.seed(configMap('a', 'new'));
  api.remove({ ...KIND, namespace: 'ns', name: 'b' });
  await clock.advance(1);
  expect(heard).toEqual(['added a', 'added b', 'updated a', 'deleted b']);
  expect(informer.get({ namespace: 'ns', name: 'a' })?.['data']).toEqual({ value: 'new' });
  await informer.stop();
});

it.each([
  { how: 'refused as too old', error: refused(410, 'Expired') },
  { how: 'refused by a server error', error: refused(500, 'InternalError') },
])('reads all anew after a watch was $how', async ({ error }) => {
  const api = new FakeKubeApi();
  api.seed(configMap('a'));
  const { pool, informer, clock, heard } = await startInformer(api);
  api.endWatches(error);
  api.remove({ ...KIND, namespace: 'ns', name: 'a' });
  api.seed(configMap('b'));
  await clock.advance(1_000);
  expect(heard).toEqual(['added a', 'added b', 'deleted a']);
  expect(informer.isHealthy).toBe(true);
  expect(pool.kinds.get('ConfigMap')).toEqual({ objects: 1, skipped: 0, restarts: 1 });
  await informer.stop();
});

it('is unhealthy and keeps its picture while the API server is away, and comes back', async () => {
  const api = new FakeKubeApi();
  api.seed(configMap('a'));
  const { pool, informer, clock } = await startInformer(api);
  const seenAt = clock.now();
  api.fault = () => unreachable();
  api.endWatches(unreachable());
  await clock.advance(3_600_000);
  expect([informer.isHealthy, informer.hasSynced, informer.list().length]).toEqual([false, true, 1]);
  expect(pool.watches).toEqual([{ kind: 'ConfigMap', isHealthy: false, lastEventAt: seenAt }]);
  api.fault = () => undefined;
  await clock.advance(10_000);
  expect(informer.isHealthy).toBe(true);
  await informer.stop();
});

it('takes a watch that does not end in time for dead, and goes on where it was', async () => {
  const api = new FakeKubeApi();
  const { informer, clock, heard } = await startInformer(api);
  const calls = recordCalls(api);
  await clock.advance(45_000);
  expect(calls).toEqual(['watch']);
  api.seed(configMap('late'));
  await clock.advance(1);
  expect(heard).toEqual(['added late']);
  await informer.stop();
});

it('takes up at once, and without reading all anew, a watch that ended in good order', async () => {
  const api = new FakeKubeApi();
  const { informer, clock } = await startInformer(api);
  await clock.advance(25_000);
  const calls = recordCalls(api);
  api.endWatches();
  await clock.advance(0);
  expect(calls).toEqual(['watch']);
  await informer.stop();
});

it('waits as long as the API server asks', async () => {
  const api = new FakeKubeApi();
  const { informer, clock } = await startInformer(api);
  const calls: string[] = [];
  api.fault = ({ verb }) => {
    calls.push(verb);
    return new ApiError({ status: 429, reason: 'TooManyRequests', message: 'later', retryAfterMs: 60_000 });
  };
  api.endWatches(unreachable());
  await clock.advance(59_000);
  expect(calls).toEqual(['watch']);
  await clock.advance(60_000);
  expect(calls).toEqual(['watch', 'watch']);
  await informer.stop();
});

it('counts a kind that is not served as empty, and finds it once it is', async () => {
  const api = new FakeKubeApi();
  api.unserved.add('ConfigMap');
  const { informer, clock, heard } = await startInformer(api);
  expect([informer.hasSynced, informer.isServed, informer.isHealthy]).toEqual([true, false, true]);
  api.unserved.clear();
  api.seed(configMap('a'));
  await clock.advance(10_000);
  expect(heard).toEqual(['added a']);
  expect(informer.isServed).toBe(true);
  await informer.stop();
});

describe('informers of the same kind and selection', () => {
  it('share one watch, and each keeps what it needs', async () => {
    const api = new FakeKubeApi();
    api.seed(configMap('a'));
    const { pool, informer, clock, heard } = await startInformer(api);
    const onlyB = (object: KubeObject): KubeObject | undefined => (object.metadata.name === 'b' ? object : undefined);
    const second = pool.open({ kind: KIND, slim: onlyB });
    const heardBySecond = hear(second);
    second.start();
    await clock.advance(0);
    expect([api.watchCount, second.hasSynced, second.size]).toEqual([1, true, 0]);
    api.seed(configMap('b'));
    await clock.advance(1);
    expect([heard, heardBySecond]).toEqual([['added a', 'added b'], ['added b']]);
    await informer.stop();
    api.remove({ ...KIND, namespace: 'ns', name: 'b' });
    await clock.advance(1);
    expect([heard.length, heardBySecond]).toEqual([2, ['added b', 'deleted b']]);
    await second.stop();
    expect([api.watchCount, pool.watches]).toEqual([0, []]);
  });

  it('share it too where one takes all and the other some by their labels', async () => {
    const api = new FakeKubeApi();
    const labelled = (name: string, labels: Record<string, string>): KubeObject => {
      const object = configMap(name);
      return { ...object, metadata: { ...object.metadata, labels } };
    };
    api.seed(labelled('a', { own: 'true', part: 'x' }));
    api.seed(labelled('b', { own: 'false' }));
    const { pool, informer, clock, heard } = await startInformer(api);
    const some = pool.open({ kind: KIND, labelSelector: 'own=true,part=x' });
    const heardOfSome = hear(some);
    some.start();
    await clock.advance(0);
    api.seed(labelled('b', { own: 'true', part: 'x' }));
    api.seed(labelled('a', { part: 'x' }));
    await clock.advance(1);
    expect(heardOfSome).toEqual(['added a', 'added b', 'deleted a']);
    expect(heard).toEqual(['added a', 'added b', 'updated b', 'updated a']);
    expect([api.watchCount, some.size]).toEqual([1, 1]);
    await informer.stop();
    expect(api.watchCount).toBe(1);
    await some.stop();
    expect(api.watchCount).toBe(0);
  });

  it('share it in any order where all objects of the kind are known to be wanted', async () => {
    const api = new FakeKubeApi();
    api.seed(configMap('a'));
    const clock = new FakeClock();
    const pool = new InformerPool({ api, clock, random: () => 0, whole: [KIND] });
    const some = pool.open({ kind: KIND, labelSelector: 'own=true' });
    some.start();
    await clock.advance(0);
    const all = pool.open({ kind: KIND });
    all.start();
    await clock.advance(0);
    expect([api.watchCount, some.hasSynced, some.size, all.size]).toEqual([1, true, 0, 1]);
    await Promise.all([some.stop(), all.stop()]);
    expect(api.watchCount).toBe(0);
  });

  it.each<[string, Partial<InformerOptions>]>([
    ['by a selector that only the API server can read', { labelSelector: 'own in (a, b)' }],
    ['by fields', { fieldSelector: 'metadata.name=a' }],
    ['without their contents', { metadataOnly: true }],
  ])('do not share what is selected %s', async (_what, options) => {
    const api = new FakeKubeApi();
    const { pool, informer, clock } = await startInformer(api);
    const second = pool.open({ kind: KIND, ...options });
    second.start();
    await clock.advance(0);
    expect(api.watchCount).toBe(2);
    await Promise.all([informer.stop(), second.stop()]);
  });

  it('do not share what they select differently', async () => {
    const api = new FakeKubeApi();
    const { pool, informer, clock } = await startInformer(api);
    const second = pool.open({ kind: KIND, namespace: 'ns' });
    second.start();
    await clock.advance(0);
    expect(api.watchCount).toBe(2);
    await Promise.all([informer.stop(), second.stop()]);
  });

  it('can begin again after all have stopped', async () => {
    const api = new FakeKubeApi();
    const { pool, informer, clock } = await startInformer(api);
    await informer.stop();
    const again = pool.open({ kind: KIND });
    again.start();
    api.seed(configMap('a'));
    await clock.advance(0);
    expect(again.size).toBe(1);
    await again.stop();
  });
});

describe('a budget', () => {
  const limits = { perObject: 1_000, perNamespace: 3_000 };
  const budget = (): { budget: MemoryBudget } => ({ budget: new MemoryBudget(limits) });

  it('leaves out an object that is too large, counts it, and takes it once it is smaller', async () => {
    const api = new FakeKubeApi();
    api.seed(configMap('small'));
    api.seed(configMap('large', 'x'.repeat(1_000)));
    const { informer, clock, heard } = await startInformer(api, budget());
    expect([informer.hasSynced, heard, informer.skipped]).toEqual([true, ['added small'], 1]);
    api.seed(configMap('large', 'x'));
    api.seed(configMap('small', 'x'.repeat(1_000)));
    await clock.advance(1);
    expect([heard.slice(1), informer.skipped]).toEqual([['added large', 'deleted small'], 1]);
    await informer.stop();
  });

  it('keeps one namespace from filling the memory, and no other suffers', async () => {
    const api = new FakeKubeApi();
    for (let i = 0; i < 100; i += 1) api.seed(configMap(`n${i}`, 'x'.repeat(800), 'greedy'));
    for (let i = 0; i < 3; i += 1) api.seed(configMap(`n${i}`, 'x'.repeat(800), 'modest'));
    const { informer } = await startInformer(api, budget());
    const kept = Map.groupBy(informer.list(), ({ metadata }) => metadata.namespace);
    expect([kept.get('greedy')?.length, kept.get('modest')?.length, informer.skipped]).toEqual([3, 3, 97]);
    await informer.stop();
  });

  it('takes what was left out when there is room again', async () => {
    const api = new FakeKubeApi();
    for (const name of ['a', 'b', 'c', 'd']) api.seed(configMap(name, 'x'.repeat(800)));
    const { informer, clock } = await startInformer(api, budget());
    expect([informer.size, informer.skipped]).toEqual([3, 1]);
    api.remove({ ...KIND, namespace: 'ns', name: 'a' });
    await clock.advance(25_000);
    api.endWatches();
    await clock.advance(1_000);
    expect([informer.size, informer.skipped]).toEqual([3, 0]);
    await informer.stop();
  });
});

it('reduces all anew when it is told to read again', async () => {
  const api = new FakeKubeApi();
  api.seed(configMap('a', 'x'));
  api.seed(configMap('b', 'y'));
  let wanted = 'x';
  const slim = (object: KubeObject): KubeObject | undefined =>
    (object['data'] as { value: string }).value === wanted ? object : undefined;
  const { informer, clock, heard } = await startInformer(api, { slim });
  const other = hear(informer);
  expect(informer.list()).toHaveLength(1);
  wanted = 'y';
  informer.reread();
  await clock.advance(1);
  expect(heard).toEqual(['added a', 'deleted a', 'added b']);
  expect(other).toEqual(heard);
  const calls = recordCalls(api);
  await clock.advance(1);
  expect(calls.filter((verb) => verb === 'list')).toEqual([]);
  await informer.stop();
});

import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/builders/fake-clock.ts';
import { FakeKubeApi, unreachable } from '../../test/builders/fake-kube-api.ts';
import type { KubeObject } from '../core/kube-object.ts';
import { InformedApi } from './informed-api.ts';
import { InformerPool } from './informer-pool.ts';
import type { Informer } from './informer.ts';

const KIND = { apiVersion: 'v1', kind: 'ConfigMap' };
const OPTIONS = { fieldManager: 'test' };
const ref = (name: string): typeof KIND & { namespace: string; name: string } => ({ ...KIND, namespace: 'ns', name });
const configMap = (name: string, value = 'first', labels: Record<string, string> = { ours: 'true' }): KubeObject => ({
  ...KIND,
  metadata: { namespace: 'ns', name, labels },
  data: { value },
});
const valueOf = (object: KubeObject | undefined): unknown =>
  (object?.['data'] as { value?: unknown } | undefined)?.value;

let server: FakeKubeApi;
let clock: FakeClock;
let informer: Informer;
let api: InformedApi;
let reads: string[];

beforeEach(async () => {
  server = new FakeKubeApi();
  clock = new FakeClock();
  server.seed(configMap('known'));
  server.seed(configMap('stranger', 'first', {}));
  informer = new InformerPool({ api: server, clock }).open({ kind: KIND, labelSelector: 'ours=true' });
  api = new InformedApi(server, [{ informer, labelSelector: 'ours=true' }], clock);
  informer.start();
  await clock.advance(0);
  reads = [];
  server.fault = ({ verb, name }) => {
    if (verb === 'get' || verb === 'list') reads.push(`${verb} ${name ?? '*'}`);
    return undefined;
  };
});

const listNames = async (labelSelector: string): Promise<string[]> =>
  (await api.list(KIND, { labelSelector })).items.map(({ metadata }) => metadata.name).sort();

describe('InformedApi', () => {
  it('answers from the informer, and asks for what that does not select', async () => {
    expect(valueOf(await api.get(ref('known')))).toBe('first');
    expect(await listNames('ours=true')).toEqual(['known']);
    expect(await listNames('ours=true,more=x')).toEqual([]);
    expect(reads).toEqual([]);
    expect(valueOf(await api.get(ref('stranger')))).toBe('first');
    expect((await api.list(KIND)).items).toHaveLength(2);
    expect(reads).toEqual(['get stranger', 'list *']);
  });

  it('shows its own writes before the informer does, and then what came after them', async () => {
    server.hold();
    await api.apply(configMap('known', 'second'), OPTIONS);
    await api.apply(configMap('made'), OPTIONS);
    expect(valueOf(informer.get(ref('known')))).toBe('first');
    expect(valueOf(await api.get(ref('known')))).toBe('second');
    expect(await listNames('ours=true')).toEqual(['known', 'made']);
    await api.delete(ref('made'));
    expect(await listNames('ours=true')).toEqual(['known']);
    expect(reads).toEqual([]);
    server.release();
    server.seed(configMap('known', 'by another'));
    await clock.advance(0);
    expect(valueOf(await api.get(ref('known')))).toBe('by another');
    expect(reads).toEqual([]);
  });

  it('does not take an event from before its own write for newer', async () => {
    server.hold();
    server.seed(configMap('known', 'old'));
    await api.apply(configMap('known', 'ours'), OPTIONS);
    server.release(1);
    await clock.advance(0);
    expect(valueOf(informer.get(ref('known')))).toBe('old');
    expect(valueOf(await api.get(ref('known')))).toBe('ours');
  });

  it('does not hold on to a write that was undone unseen', async () => {
    server.hold();
    await api.apply(configMap('gone'), OPTIONS);
    server.remove(ref('gone'));
    await clock.advance(61_000);
    expect(await api.get(ref('gone'))).toBeUndefined();
  });

  it('asks the API server after a deletion, which finalizers may hold up', async () => {
    server.hold();
    await api.delete(ref('known'));
    expect(await api.get(ref('known'))).toBeUndefined();
    expect(reads).toEqual(['get known']);
  });

  it('asks the API server while the picture cannot be relied on', async () => {
    server.fault = ({ verb, name }) => {
      if (verb === 'get' || verb === 'list') reads.push(`${verb} ${name ?? '*'}`);
      return verb === 'watch' ? unreachable() : undefined;
    };
    server.endWatches(unreachable());
    await clock.advance(1_000);
    reads = [];
    await api.get(ref('known'));
    await listNames('ours=true');
    expect(reads).toEqual(['get known', 'list *']);
  });

  it('does not ask again for a kind that its informer found not to be served', async () => {
    server.unserved.add(KIND.kind);
    server.endWatches();
    await clock.advance(2_000);
    reads = [];
    await expect(api.list(KIND, { labelSelector: 'ours=true' })).rejects.toMatchObject({ reason: 'KindNotServed' });
    expect(reads).toEqual([]);
  });

  it('reads live where that is asked for, and knows what was written there', async () => {
    server.hold();
    await api.live.apply(configMap('known', 'second'), OPTIONS);
    await api.live.get(ref('known'));
    expect(reads).toEqual(['get known']);
    expect(valueOf(await api.get(ref('known')))).toBe('second');
    expect(reads).toHaveLength(1);
  });

  it('keeps nothing of a write once the informer has shown it, whichever came first', async () => {
    // This server tells its watchers before it answers.
    const [apply, remove] = [server.apply.bind(server), server.delete.bind(server)];
    server.apply = async (...args) => {
      const answer = await apply(...args);
      await clock.advance(0);
      return answer;
    };
    server.delete = async (...args) => {
      const answer = await remove(...args);
      await clock.advance(0);
      return answer;
    };
    await api.apply(configMap('known', 'second'), OPTIONS);
    await api.apply(configMap('made'), OPTIONS);
    await api.delete(ref('known'));
    expect(api.unseen).toBe(0);
    server.hold();
    await api.apply(configMap('made', 'second'), OPTIONS);
    expect(api.unseen).toBe(1);
    server.release();
    await clock.advance(0);
    expect(api.unseen).toBe(0);
  });
});

import { expect, it } from 'vitest';
import { namespaceObject, OWNER, podObject, renderControlPlane } from '../../../test/builders/control-plane.ts';
import { FakeClock } from '../../../test/builders/fake-clock.ts';
import { FakeKubeApi } from '../../../test/builders/fake-kube-api.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { InformerPool } from '../../kube/informer-pool.ts';
import { createSilentLog } from '../../telemetry/log.ts';
import { InjectionRegistry } from '../../webhooks/inject/injection-registry.ts';
import { InjectionAuditor } from './auditor.ts';

const ENABLED = { 'istio-injection': 'enabled' };

async function startAuditor(objects: KubeObject[]): Promise<{
  api: FakeKubeApi;
  auditor: InjectionAuditor;
  told: (readonly string[] | 'all')[];
  look: () => Promise<string[] | undefined>;
  stop: () => Promise<void>;
}> {
  const api = new FakeKubeApi();
  for (const object of [...renderControlPlane(), ...objects]) api.seed(object);
  const clock = new FakeClock();
  const informers = new InformerPool({ api });
  const registry = new InjectionRegistry({ informers, endpoint: {}, log: createSilentLog() });
  registry.start();
  await Promise.all(registry.informers.map((informer) => informer.waitForSync()));
  const auditor = new InjectionAuditor({ informers, registry, log: createSilentLog(), clock });
  const told: (readonly string[] | 'all')[] = [];
  auditor.subscribe((owners) => told.push(owners));
  auditor.startLeading();
  const look = async (): Promise<string[] | undefined> => {
    await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(2_000);
    return auditor.missedOf(OWNER)?.map(({ namespace, name }) => `${namespace}/${name}`);
  };
  const stop = async (): Promise<void> => {
    await auditor.stopLeading();
    await registry.stop();
  };
  return { api, auditor, told, look, stop };
}

it.each<[string, KubeObject, boolean]>([
  ['a pod that was missed', podObject('shop', 'web'), true],
  ['an injected pod', podObject('shop', 'web', { annotations: { 'sidecar.istio.io/status': '{}' } }), false],
  [
    'a pod with a proxy of its own',
    { ...podObject('shop', 'web'), spec: { containers: [{ name: 'istio-proxy' }] } },
    false,
  ],
  ['a native sidecar', { ...podObject('shop', 'web'), spec: { initContainers: [{ name: 'istio-proxy' }] } }, false],
  [
    'a pod that opted out by label',
    podObject('shop', 'web', { labels: { 'sidecar.istio.io/inject': 'false' } }),
    false,
  ],
  [
    'a pod that opted out by annotation',
    podObject('shop', 'web', { annotations: { 'sidecar.istio.io/inject': 'false' } }),
    false,
  ],
  ['a pod on the host network', { ...podObject('shop', 'web'), spec: { hostNetwork: true } }, false],
  ['a pod that has ended', { ...podObject('shop', 'web'), status: { phase: 'Succeeded' } }, false],
  ['a pod that is being deleted', podObject('shop', 'web', { deletionTimestamp: '2026-01-01T00:00:00Z' }), false],
  ['a static pod', podObject('shop', 'web', { annotations: { 'kubernetes.io/config.mirror': 'x' } }), false],
  ['a pod of a namespace without label', podObject('plain', 'web'), false],
  ['a pod that asks by itself', podObject('plain', 'web', { labels: { 'sidecar.istio.io/inject': 'true' } }), true],
  [
    'a pod of a namespace that opted out',
    podObject('off', 'web', { labels: { 'sidecar.istio.io/inject': 'true' } }),
    false,
  ],
  ['a pod of another revision', podObject('plain', 'web', { labels: { 'istio.io/rev': 'other' } }), false],
])('%s', async (_, pod, isMissed) => {
  const namespaces = [
    namespaceObject('shop', ENABLED),
    namespaceObject('plain'),
    namespaceObject('off', { 'istio-injection': 'disabled' }),
  ];
  const { look, stop } = await startAuditor([...namespaces, pod]);
  expect(await look()).toEqual(isMissed ? [`${pod.metadata.namespace}/web`] : []);
  await stop();
});

it('tells the owner when pods are missed and when they are there again, and nothing in between', async () => {
  const { api, auditor, told, look, stop } = await startAuditor([namespaceObject('shop'), podObject('shop', 'web')]);
  expect(await look()).toEqual([]);
  expect(auditor.countByRevision()).toEqual(new Map());
  api.seed(namespaceObject('shop', ENABLED));
  expect(await look()).toEqual(['shop/web']);
  expect(auditor.countByRevision()).toEqual(new Map([['default', 1]]));
  api.seed({ ...podObject('shop', 'web'), status: { phase: 'Running', podIP: '10.0.0.1' } });
  expect(await look()).toEqual(['shop/web']);
  api.remove({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web' });
  expect(await look()).toEqual([]);
  expect(told).toEqual(['all', ['istio-system/istio'], ['istio-system/istio']]);
  await stop();
});

it('tells all owners of an injector of somebody else', async () => {
  const { api, told, look, stop } = await startAuditor([]);
  await look();
  const [ours] = renderControlPlane().filter(({ kind }) => kind === 'MutatingWebhookConfiguration');
  if (!ours) throw new Error('there are no webhooks');
  const labels = { app: 'sidecar-injector' };
  api.seed({ ...ours, metadata: { name: 'other', labels } });
  api.seed({ ...ours, metadata: { name: 'no-injector' }, webhooks: [] });
  await look();
  expect(told).toEqual(['all', ['istio-system/istio']]);
  await stop();
});

it('tells all of labels that no injector serves, and counts them by reason, until one does', async () => {
  const labels = { 'istio.io/rev': 'canary' };
  const { api, auditor, told, look, stop } = await startAuditor([namespaceObject('shop', labels)]);
  expect(auditor.listUnserved()).toBeUndefined();
  expect(auditor.countUnserved()).toEqual(new Map());
  await look();
  expect(auditor.listUnserved()?.map(({ object }) => object.metadata.name)).toEqual(['shop']);
  expect([...auditor.countUnserved()]).toEqual([
    ['RevisionNotFound', 1],
    ['NoDefaultInjector', 0],
  ]);
  const [canary] = renderControlPlane({ revision: 'canary' }).filter(({ kind }) => kind.startsWith('Mutating'));
  if (!canary) throw new Error('there are no webhooks');
  // Of another installer.
  api.seed({ ...canary, metadata: { name: canary.metadata.name } });
  await look();
  expect(auditor.listUnserved()).toEqual([]);
  expect(told).toEqual(['all', ['istio-system/istio'], 'all']);
  await auditor.stopLeading();
  expect(auditor.countUnserved()).toEqual(new Map());
  await stop();
});

it('knows nothing any more when it leads no longer', async () => {
  const { auditor, look, stop } = await startAuditor([namespaceObject('shop', ENABLED), podObject('shop', 'web')]);
  expect(await look()).toHaveLength(1);
  await auditor.stopLeading();
  expect(auditor.missedOf(OWNER)).toBeUndefined();
  await stop();
});

it('counts the pods of a revision at once when there are some, and tells of more no oftener than need be', async () => {
  const proxy = (name: string, version: string): KubeObject => ({
    ...podObject('shop', name, { annotations: { 'sidecar.istio.io/status': '{"revision":"default"}' } }),
    spec: {
      containers: [
        { name: 'istio-proxy', image: `x:${version}` },
        { name: 'app', image: 'app' },
      ],
    },
  });
  const { api, auditor, told, look, stop } = await startAuditor([namespaceObject('shop')]);
  const counts = (): string[] | undefined =>
    auditor.proxiesOf('default')?.map(({ version, pods }) => `${pods} of ${version}`);
  const wait = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 2_000) await look();
  };
  expect(counts()).toBeUndefined();
  await look();
  expect(counts()).toEqual([]);
  api.seed(proxy('a', '1.30'));
  await look();
  expect(counts()).toEqual(['1 of 1.30']);
  api.seed(proxy('b', '1.31'));
  await look();
  expect(counts()).toEqual(['1 of 1.30']);
  await wait(60_000);
  expect(counts()).toEqual(['1 of 1.30', '1 of 1.31']);
  api.seed(proxy('c', '1.31'));
  await wait(60_000);
  expect(counts()).toEqual(['1 of 1.30', '1 of 1.31']);
  await wait(540_000);
  expect(counts()).toEqual(['2 of 1.31', '1 of 1.30']);
  expect(auditor.proxiesOf('other')).toEqual([]);
  expect(told).toEqual(['all', 'all', 'all', 'all']);
  await stop();
});

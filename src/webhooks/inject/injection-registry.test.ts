import { afterEach, describe, expect, it } from 'vitest';
import { renderControlPlane } from '../../../test/builders/control-plane.ts';
import { FakeClock } from '../../../test/builders/fake-clock.ts';
import { FakeKubeApi, unreachable } from '../../../test/builders/fake-kube-api.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { InformerPool } from '../../kube/informer-pool.ts';
import { createSilentLog } from '../../telemetry/log.ts';
import { InjectionRegistry } from './injection-registry.ts';

let stop = (): Promise<void> => Promise.resolve();
afterEach(() => stop());

async function start(
  objects: KubeObject[],
  fault: FakeKubeApi['fault'] = () => undefined,
): Promise<{ api: FakeKubeApi; clock: FakeClock; registry: InjectionRegistry }> {
  const api = new FakeKubeApi();
  api.fault = fault;
  for (const object of objects) api.seed(object);
  const clock = new FakeClock();
  const informers = new InformerPool({ api, clock, random: () => 0 });
  const registry = new InjectionRegistry({ informers, endpoint: {}, log: createSilentLog(), clock });
  registry.start();
  stop = () => registry.stop();
  await clock.advance(0);
  return { api, clock, registry };
}

const inMesh = (): KubeObject[] => renderControlPlane({ global: { istioNamespace: 'mesh' } });
const webhooksOf = (objects: readonly KubeObject[]): KubeObject[] =>
  objects.filter(({ kind }) => kind === 'MutatingWebhookConfiguration');
const without = (objects: readonly KubeObject[], left: readonly KubeObject[]): KubeObject[] =>
  objects.filter((object) => !left.includes(object));
const isKnown = (registry: InjectionRegistry, namespace: string): boolean =>
  !('problem' in registry.configOf('', namespace));

describe('a control plane', () => {
  it('is known in istio-system, whoever installed it', async () => {
    const objects = renderControlPlane();
    const { registry } = await start(without(objects, webhooksOf(objects)));
    expect(isKnown(registry, 'istio-system')).toBe(true);
  });

  it('is known elsewhere when a webhook that calls this operator names its namespace', async () => {
    const { registry } = await start(inMesh());
    expect(isKnown(registry, 'mesh')).toBe(true);
  });

  it('is none when only its ConfigMaps carry our labels', async () => {
    const objects = inMesh();
    const { registry } = await start([...renderControlPlane(), ...without(objects, webhooksOf(objects))]);
    expect(registry.configOf('', 'mesh')).toMatchObject({ problem: expect.stringContaining('mesh') as string });
    const text = JSON.stringify(registry.informers.flatMap((informer) => informer.list()));
    expect(text).not.toContain('"namespace":"mesh"');
  });

  it('is none when the webhook that names it calls somebody else', async () => {
    const objects = structuredClone(inMesh());
    for (const { webhooks } of webhooksOf(objects)) {
      for (const { clientConfig } of webhooks as { clientConfig: { service: { name: string } } }[]) {
        clientConfig.service.name = 'another';
      }
    }
    const { registry } = await start(objects);
    expect(isKnown(registry, 'mesh')).toBe(false);
  });

  it('that comes later is waited for by the first call', async () => {
    const objects = inMesh();
    const { api, clock, registry } = await start(without(objects, webhooksOf(objects)));
    const held = Promise.withResolvers<undefined>();
    api.fault = ({ verb, kind }) => (verb === 'list' && kind === 'ConfigMap' ? held.promise : undefined);
    for (const object of webhooksOf(objects)) api.seed(object);
    await clock.advance(1);
    const reading = registry.reading('mesh');
    expect([reading, isKnown(registry, 'mesh')]).toEqual([expect.any(Promise), false]);
    held.resolve(undefined);
    await reading;
    expect([registry.reading('mesh'), isKnown(registry, 'mesh')]).toEqual([undefined, true]);
  });

  it('is forgotten, and watched no more, when no webhook names it any longer', async () => {
    const objects = inMesh();
    const { api, clock, registry } = await start(objects);
    const watches = api.watchCount;
    for (const { apiVersion, kind, metadata } of webhooksOf(objects))
      api.remove({ apiVersion, kind, name: metadata.name });
    await clock.advance(1);
    expect([isKnown(registry, 'mesh'), api.watchCount]).toEqual([false, watches - 2]);
  });

  it('keeps nothing of other objects in its namespace', async () => {
    const [labels, namespace] = [{ 'operator.istio.io/component': 'Pilot' }, 'istio-system'];
    const other = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'other', namespace, labels }, data: {} };
    const { registry } = await start([...renderControlPlane(), other]);
    expect(registry.configMaps.list().map(({ metadata }) => metadata.name)).toEqual([
      'istio',
      'istio-sidecar-injector',
    ]);
  });
});

describe('readiness', () => {
  const failing = (...kinds: string[]): FakeKubeApi['fault'] => {
    return ({ kind }) => (kinds.includes(kind) ? unreachable() : undefined);
  };

  it.each(['ConfigMap', 'MutatingWebhookConfiguration'])('waits for ever for %s', async (kind) => {
    const { clock, registry } = await start(renderControlPlane(), failing(kind));
    await clock.advance(3_600_000);
    expect(registry.findUnready()).toBe(`not read yet: ${kind}`);
  });

  it.each(['Node', 'ProxyConfig', 'Namespace', 'Deployment'])('waits some time for %s', async (kind) => {
    const { clock, registry } = await start(renderControlPlane(), failing(kind));
    expect(registry.findUnready()).toBe(`not read yet: ${kind}`);
    await clock.advance(30_000);
    expect([registry.findUnready(), isKnown(registry, 'istio-system')]).toEqual([undefined, true]);
  });

  it('does not end by a failure, nor by a control plane that is new', async () => {
    const { api, clock, registry } = await start(renderControlPlane());
    expect(registry.findUnready()).toBeUndefined();
    api.fault = () => unreachable();
    api.endWatches(unreachable());
    await clock.advance(600_000);
    expect([registry.findUnready(), isKnown(registry, 'istio-system')]).toEqual([undefined, true]);
    api.fault = failing('ConfigMap');
    await clock.advance(60_000);
    for (const object of webhooksOf(inMesh())) api.seed(object);
    await clock.advance(1);
    expect([registry.findUnready(), isKnown(registry, 'istio-system')]).toEqual([undefined, true]);
  });
});

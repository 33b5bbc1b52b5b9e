import { afterEach, describe, expect, it } from 'vitest';
import { renderControlPlane } from '../../../test/builders/control-plane.ts';
import { FakeKubeApi } from '../../../test/builders/fake-kube-api.ts';
import type { JsonObject, KubeObject } from '../../core/kube-object.ts';
import { InformerPool } from '../../kube/informer-pool.ts';
import { createSilentLog } from '../../telemetry/log.ts';
import { InjectionRegistry } from '../inject/injection-registry.ts';
import { AdmissionAnalyzer } from './admission-analysis.ts';
import { KnownReaders } from './readers.ts';

let stop = (): Promise<unknown> => Promise.resolve();
afterEach(() => stop());

const GATEWAY_API = 'gateway.networking.k8s.io/v1';
const GATEWAY: KubeObject = {
  apiVersion: GATEWAY_API,
  kind: 'Gateway',
  metadata: { name: 'edge', namespace: 'shop' },
  spec: { listeners: [{ name: 'http', hostname: '*.example.com', port: 80, protocol: 'HTTP' }] },
};

const injector = (tag: string): KubeObject[] =>
  renderControlPlane({ global: { tag } }).filter(({ metadata }) => metadata.name === 'istio-sidecar-injector');

function virtualService(labels: JsonObject = {}, host = 'web.example.com'): JsonObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'web', namespace: 'shop', labels },
    spec: { hosts: [host], gateways: ['edge'], http: [{ directResponse: { status: 200 } }] },
  };
}

async function start(objects: KubeObject[]) {
  const api = new FakeKubeApi();
  for (const object of [...objects, GATEWAY]) api.seed(object);
  const parts = { informers: new InformerPool({ api }), log: createSilentLog() };
  const registry = new InjectionRegistry({ ...parts, endpoint: {} });
  const { namespaces, configMaps } = registry;
  const analyzer = new AdmissionAnalyzer({ ...parts, namespaces, configMaps, readers: new KnownReaders(registry) });
  stop = () => Promise.all([registry.stop(), analyzer.stop()]);
  registry.start();
  analyzer.start();
  await Promise.all([...registry.informers, ...analyzer.informers].map((informer) => informer.waitForSync()));
  const isWatched = (): boolean => analyzer.informers.some(({ kind }) => kind.apiVersion === GATEWAY_API);
  const codes = (object: JsonObject): string[] =>
    analyzer.judge({ object }).warnings.map(({ message }) => message.slice(0, 7));
  return { api, isWatched, codes };
}

describe('Gateways of the Gateway API', () => {
  it('are not watched for releases that do not look at them', async () => {
    const { isWatched, codes } = await start(injector('1.31.4'));
    expect(isWatched()).toBe(false);
    expect(codes(virtualService())).toEqual(['IST0101', 'IST0132']);
  });

  it('are looked up for a release that does, from its installation to its end', async () => {
    const { api, isWatched, codes } = await start(injector('1.31.4'));
    for (const object of injector('1.32.0')) api.seed(object);
    await expect.poll(() => codes(virtualService())).toEqual([]);
    expect(codes(virtualService({}, 'web.example.org'))).toEqual(['IST0132']);
    for (const object of injector('1.31.4')) api.seed(object);
    await expect.poll(isWatched).toBe(false);
    expect(codes(virtualService())).toEqual(['IST0101', 'IST0132']);
    // What went unseen is not remembered.
    api.remove({ apiVersion: GATEWAY_API, kind: 'Gateway', namespace: 'shop', name: 'edge' });
    for (const object of injector('1.32.0')) api.seed(object);
    await expect.poll(isWatched).toBe(true);
    await expect.poll(() => codes(virtualService())).toEqual(['IST0101', 'IST0132']);
  });
});

import type { KubeObject } from '../../src/core/kube-object.ts';
import { InformerPool } from '../../src/kube/informer-pool.ts';
import { createSilentLog } from '../../src/telemetry/log.ts';
import { InjectionRegistry } from '../../src/webhooks/inject/injection-registry.ts';
import { FakeKubeApi } from './fake-kube-api.ts';

/** A registry that has read a cluster with these objects; whoever starts it stops it. */
export async function startInjectionRegistry(
  objects: readonly KubeObject[],
): Promise<{ api: FakeKubeApi; configs: InjectionRegistry }> {
  const api = new FakeKubeApi();
  for (const object of objects) api.seed(object);
  const configs = new InjectionRegistry({ informers: new InformerPool({ api }), endpoint: {}, log: createSilentLog() });
  configs.start();
  await Promise.all(configs.informers.map((informer) => informer.waitForSync()));
  return { api, configs };
}

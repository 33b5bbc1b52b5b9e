// The webhooks as `sailwright run` serves it, on objects of the default profile.
import { render } from '../src/core/render/render.ts';
import type { KubeObject } from '../src/core/kube-object.ts';
import { refOf } from '../src/core/kube-object.ts';
import type { WatchApi } from '../src/kube/watch-api.ts';
import { createSilentLog } from '../src/telemetry/log.ts';
import { createAdmissionMetrics } from '../src/telemetry/admission-metrics.ts';
import { createMetrics } from '../src/telemetry/metrics.ts';
import { issueCertificate } from '../src/webhooks/certificates/issue-certificate.ts';
import { createInjectionRoute } from '../src/webhooks/inject/injection-handler.ts';
import { InjectionRegistry } from '../src/webhooks/inject/injection-registry.ts';
import { createValidationRoute } from '../src/webhooks/validate/validation-handler.ts';
import { WebhookServer } from '../src/webhooks/server/webhook-server.ts';

const DAY_MS = 86_400_000;
const NODES = 50;
const NAMESPACES = 200;

/** What the server tells its parent. */
export interface ServerReport {
  port?: number;
  /** CPU time so far, in microseconds. */
  cpu?: number;
  /** Bytes. */
  rss?: number;
}

function renderedObjects(): KubeObject[] {
  const document = { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', spec: { profile: 'default' } };
  const defaults = { hub: 'registry.istio.io/release', tag: '1.31.4' };
  const result = render({ documents: [document] }, { form: 'sailwright', defaults });
  if (!result.ok) throw new Error('the default profile does not render');
  return result.value.components.flatMap(({ objects }) => objects);
}

function clusterObjects(): KubeObject[] {
  const many = (count: number, make: (i: number) => KubeObject): KubeObject[] =>
    Array.from({ length: count }, (_, i) => make(i));
  return [
    ...renderedObjects(),
    ...many(NODES, (i) => ({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: `node-${i}` },
      status: { nodeInfo: { kubeletVersion: 'v1.34.1' } },
    })),
    ...many(NAMESPACES, (i) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: i === 0 ? 'default' : `team-${i}`, labels: { 'istio-injection': 'enabled' } },
    })),
  ];
}

/** A cluster in which nothing happens. */
function stillCluster(objects: readonly KubeObject[]): WatchApi {
  const versioned = objects.map((object, i) => ({
    ...object,
    metadata: { ...object.metadata, resourceVersion: String(i + 1) },
  }));
  return {
    list: (kind) =>
      Promise.resolve({
        items: versioned.filter((object) => {
          const ref = refOf(object);
          return ref.kind === kind.kind && ref.apiVersion === kind.apiVersion;
        }),
        resourceVersion: '1',
      }),
    watch: (_kind, { signal }) =>
      Promise.resolve({
        async *[Symbol.asyncIterator]() {
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
          yield* [];
        },
      }),
  };
}

function tell(report: ServerReport): void {
  process.send?.(report);
}

/** Serves until the parent goes. */
export async function serveWebhooks(): Promise<void> {
  const log = createSilentLog();
  const registry = new InjectionRegistry({ api: stillCluster(clusterObjects()), log });
  registry.start();
  await Promise.all(registry.informers.map((informer) => informer.waitForSync()));
  const server = new WebhookServer({
    port: 0,
    host: '127.0.0.1',
    routes: [
      createInjectionRoute({
        configs: registry,
        operatorNamespace: 'sailwright-system',
        findUnready: () => registry.findUnready(),
      }),
      createValidationRoute(),
    ],
    metrics: createAdmissionMetrics(createMetrics().registry),
    log,
  });
  const { certificate, key } = await issueCertificate({ names: ['127.0.0.1'], now: Date.now(), lifetimeMs: DAY_MS });
  server.useCertificate({ certificate, key });
  await server.start();
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    tell({ cpu: user + system, rss: process.memoryUsage.rss() });
  });
  process.on('disconnect', () => process.exit(0));
  tell({ port: server.port });
}

// The webhooks as `sailwright run` serves it, on objects of the default profile.
import { createReviewApart, createStudy, type ReadSurroundings } from '../src/operator/apart-study.ts';
import { HelpingInjectors } from '../src/operator/helping-injectors.ts';
import { createAllWorkers, createApartInjector, createApartJudge } from '../src/operator/workers.ts';
import { render } from '../src/core/render/render.ts';
import type { KubeObject } from '../src/core/kube-object.ts';
import { InformerPool } from '../src/kube/informer-pool.ts';
import type { WatchApi } from '../src/kube/watch-api.ts';
import { createSilentLog } from '../src/telemetry/log.ts';
import { createAdmissionMetrics } from '../src/telemetry/admission-metrics.ts';
import { createMetrics } from '../src/telemetry/metrics.ts';
import { issueCertificate } from '../src/webhooks/certificates/issue-certificate.ts';
import { createInjectionRoute } from '../src/webhooks/inject/injection-handler.ts';
import { InjectionRegistry } from '../src/webhooks/inject/injection-registry.ts';
import { AdmissionAnalyzer } from '../src/webhooks/validate/admission-analysis.ts';
import { checkRendering } from '../src/webhooks/validate/check-rendering.ts';
import { createIstioOperatorRoute } from '../src/webhooks/validate/istio-operator-handler.ts';
import { createValidationRoute } from '../src/webhooks/validate/validation-handler.ts';
import { WebhookServer } from '../src/webhooks/server/webhook-server.ts';

const SURROUNDINGS = { kubeVersion: undefined, webhookEndpoint: { namespace: 'sailwright-system' } };
const DAY_MS = 86_400_000;
const NODES = 50;
const NAMESPACES = 200;
/** Services in the mesh, each with a VirtualService, a DestinationRule and a ServiceAccount. */
const SERVICES = Number(process.env['BENCH_SERVICES'] ?? 0);

const WEBHOOK_WORKERS = Number(process.env['BENCH_WEBHOOK_WORKERS']);

/** What the server tells its parent. */
export interface ServerReport {
  port?: number;
  /** Bytes. */
  rss?: number;
  /** Threads that inject beside the one that serves. */
  helpers?: number;
  /** The longest that the thread that injects was at work without a pause since the last report, in ms of CPU time. */
  burst?: number;
}

function renderedObjects(): KubeObject[] {
  const document = { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', spec: { profile: 'default' } };
  const defaults = { hub: 'docker.io/istio', tag: '1.31.4' };
  const result = render({ documents: [document] }, { form: 'sailwright', defaults });
  if (!result.ok) throw new Error('the default profile does not render');
  return result.value.components.flatMap(({ objects }) => objects);
}

function clusterObjects(): KubeObject[] {
  const many = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
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
    ...many(SERVICES, serviceObjects).flat(),
  ];
}

function serviceObjects(i: number): KubeObject[] {
  const metadata = { name: `service-${i}`, namespace: `team-${(i % (NAMESPACES - 1)) + 1}` };
  const host = `${metadata.name}.${metadata.namespace}.svc.cluster.local`;
  const route = [1, 2].map((version) => ({ destination: { host, subset: `v${version}` }, weight: 50 }));
  const subsets = [1, 2].map((version) => ({ name: `v${version}`, labels: { version: `v${version}` } }));
  const networking = 'networking.istio.io/v1';
  return [
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { ports: [{ name: 'http', port: 80 }] } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    { apiVersion: networking, kind: 'VirtualService', metadata, spec: { hosts: [host], http: [{ route }] } },
    { apiVersion: networking, kind: 'DestinationRule', metadata, spec: { host, subsets } },
  ];
}

/** A cluster in which nothing happens. Keeps no object: its memory is none of the server's. */
function stillCluster(): WatchApi {
  return {
    visit: ({ apiVersion, kind }, _selection, visitor) => {
      const objects = clusterObjects().filter((object) => object.kind === kind && object.apiVersion === apiVersion);
      visitor.begin();
      objects.forEach((object, i) =>
        visitor.visit({ ...object, metadata: { ...object.metadata, resourceVersion: String(i + 1) } }),
      );
      return Promise.resolve({ resourceVersion: '1' });
    },
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

/** Watches the CPU time of this thread; unlike waiting, it is the same on a busy machine. Returns what reads it. */
function watchBursts(): () => number {
  let longest = 0;
  let before = process.threadCpuUsage();
  setInterval(() => {
    const now = process.threadCpuUsage();
    longest = Math.max(longest, now.user + now.system - before.user - before.system);
    before = now;
  }, 1).unref();
  return () => {
    const burst = longest / 1000;
    longest = 0;
    return burst;
  };
}

/** Serves until the parent goes. */
export async function serveWebhooks(): Promise<void> {
  const log = createSilentLog();
  const informers = new InformerPool({ api: stillCluster(), log });
  const registry = new InjectionRegistry({ informers, endpoint: {}, log });
  registry.start();
  await Promise.all(registry.informers.map((informer) => informer.waitForSync()));
  const { namespaces, configMaps } = registry;
  const analyzer = new AdmissionAnalyzer({ informers, log, namespaces, configMaps });
  analyzer.start();
  await Promise.all(analyzer.informers.map((informer) => informer.waitForSync()));
  const workers = createAllWorkers({ log, webhookWorkers: WEBHOOK_WORKERS });
  const surroundings: ReadSurroundings = () => Promise.resolve(SURROUNDINGS);
  const review = createReviewApart(workers.admission, surroundings);
  const server = new WebhookServer({
    port: 0,
    host: '127.0.0.1',
    routes: [
      createInjectionRoute({
        configs: registry,
        operatorNamespace: 'sailwright-system',
        findUnready: () => registry.findUnready(),
        apart: createApartInjector(workers.injection),
        helpers: WEBHOOK_WORKERS > 1 ? new HelpingInjectors({ pool: workers.answering, log }) : undefined,
      }),
      createValidationRoute(analyzer, createApartJudge(workers.admission)),
      createIstioOperatorRoute(
        { study: createStudy(workers.admission, surroundings), checks: [checkRendering] },
        review,
      ),
    ],
    metrics: createAdmissionMetrics(createMetrics().registry),
    log,
  });
  const { certificate, key } = await issueCertificate({ names: ['127.0.0.1'], now: Date.now(), lifetimeMs: DAY_MS });
  server.useCertificate({ certificate, key });
  await server.start();
  const readBurst = watchBursts();
  const { answering } = workers;
  process.on('message', () => tell({ rss: process.memoryUsage.rss(), burst: readBurst(), helpers: answering.workers }));
  process.on('disconnect', () => process.exit(0));
  tell({ port: server.port });
}

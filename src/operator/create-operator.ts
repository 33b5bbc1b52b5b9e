import { createHash, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { AnalysisReporter } from '../controllers/analysis-reporter/reporter.ts';
import { IstioOperatorController } from '../controllers/istio-operator/controller.ts';
import { ProxyRolloutController } from '../controllers/proxy-rollout/controller.ts';
import { MutualTlsMigrationController } from '../controllers/mtls-migration/controller.ts';
import { TrafficShiftController } from '../controllers/traffic-shift/controller.ts';
import { fetchUsersOfRemoval, type RemovalSource } from '../controllers/istio-operator/planned-removal.ts';
import { OperatorPage } from '../dashboard/operator-page.ts';
import { createAccessReviewer } from '../kube/access-review.ts';
import { createKubeClient, loadKubeConfig, type KubeClient } from '../kube/client.ts';
import { EventRecorder } from '../kube/events.ts';
import { InformerPool } from '../kube/informer-pool.ts';
import { InstallationPolicy } from '../kube/installation-policy.ts';
import { EventLoopCheck } from '../runtime/event-loop-check.ts';
import { HealthServer, MetricsServer } from '../runtime/health.ts';
import { LEASE, LeaderElector } from '../kube/leader-election.ts';
import { StaleKinds } from '../kube/stale-kinds.ts';
import { Lifecycle } from '../runtime/lifecycle.ts';
import { createAnalysisMetrics } from '../telemetry/analysis-metrics.ts';
import { createContentionMetrics } from '../telemetry/contention-metrics.ts';
import { createLog, type Log } from '../telemetry/log.ts';
import { createMetrics, type Metrics } from '../telemetry/metrics.ts';
import { ALWAYS_WATCHED } from '../webhooks/validate/admission-analysis.ts';
import type { FindUsers } from '../webhooks/validate/check-removal.ts';
import { KnownReaders } from '../webhooks/validate/readers.ts';
import { createRolloutMetrics } from '../telemetry/rollout-metrics.ts';
import { createStagedMetrics } from '../telemetry/staged-metrics.ts';
import { createPrometheus } from '../prometheus/prometheus.ts';
import { createResourceMetrics } from '../telemetry/resource-metrics.ts';
import { createWorkerMetrics } from '../telemetry/worker-metrics.ts';
import type { ConnectRights } from '../webhooks/validate/check-rights.ts';
import { createReviewApart, createStudy, type ReadSurroundings } from './apart-study.ts';
import { HelpingInjectors } from './helping-injectors.ts';
import { createInjection } from './injection.ts';
import { createValidation } from './validation.ts';
import { createWebhooks, endpointOf } from './webhooks.ts';
import {
  createAllWorkers,
  createApartAnalysis,
  createApartAudit,
  createApartInjector,
  createApartJudge,
  createApartReport,
  createRenderer,
  findWorkerProblem,
  stopWorkers,
} from './workers.ts';
import type { OperatorOptions } from './operator-options.ts';
import { VERSION } from '../version.ts';

const LEASE_NAME = 'sailwright';
/** Nobody waits before a screen: a pass of many requests rather takes longer than that it breaks off. */
const PATIENCE_MS = 15_000;

/** An operator that is wired up and not started. */
export interface Operator {
  lifecycle: Lifecycle;
  metrics: Metrics;
  /** True while this replica may write. */
  isLeader: () => boolean;
}

/** Connects all parts; nothing runs before `lifecycle.run()` or `.start()`. */
export function createOperator(options: OperatorOptions): Operator {
  const identity = `${process.env['POD_NAME'] ?? hostname()}_${randomUUID().slice(0, 8)}`;
  const log = createLog({ level: options.logLevel, base: { replica: identity } });
  const metrics = createMetrics();
  const stop = new AbortController();
  const kubeConfig = loadKubeConfig(options.kubeconfig);
  const client = createKubeClient({ version: VERSION, kubeConfig, patienceMs: PATIENCE_MS });
  const informers = new InformerPool({ api: client, log, whole: options.analysesAdmissions ? ALWAYS_WATCHED : [] });
  metrics.watchInformers(informers);
  const isLeader = (): boolean => leadership.isLeader();
  const api = client.scoped({
    canWrite: isLeader,
    term: () => leadership.term(),
    onWrite: (write) => metrics.recordWrite(write),
  });
  const instance = process.env['POD_NAME'] ?? hostname();
  const events = new EventRecorder({ api, component: 'sailwright', instance, log });
  const { webhookWorkers } = options;
  const workers = createAllWorkers({ log, metrics: createWorkerMetrics(metrics.registry), webhookWorkers });
  const helpers = webhookWorkers > 1 ? new HelpingInjectors({ pool: workers.answering, log }) : undefined;
  const injection = createInjection(
    { namespace: options.namespace, endpoint: endpointOf(options) },
    { informers, apart: createApartInjector(workers.injection), helpers, log, metrics },
  );
  const [renderForAdmission, renderForController] = [
    createRenderer(workers.admission),
    createRenderer(workers.rendering),
  ];
  // By the version of the API server, which decides about some objects; the oldest one while it cannot be asked.
  const surroundings: ReadSurroundings = async () => ({
    kubeVersion: await client.serverVersion().catch(() => undefined),
    webhookEndpoint: { namespace: options.namespace },
  });
  const { registry } = injection;
  const readers = new KnownReaders(registry);
  const policy = new InstallationPolicy(client, { ...options, operatorNamespace: options.namespace });
  // Every replica asks, whether it leads or not.
  const connectRights: ConnectRights = (signal) => {
    const view = client.scoped({ signal });
    return { api: view, askAccess: createAccessReviewer(view) };
  };
  const findUsers: FindUsers = (removal, signal) => {
    const renderStored: RemovalSource['render'] = (stored, kubeVersion) =>
      renderForAdmission(stored, { kubeVersion, webhookEndpoint: { namespace: options.namespace } });
    return fetchUsersOfRemoval({ api: client.scoped({ signal }), policy, render: renderStored }, removal);
  };
  const validation = createValidation(options, {
    study: createStudy(workers.admission, surroundings),
    review: createReviewApart(workers.admission, surroundings),
    apart: createApartJudge(workers.admission, readers),
    audit: createApartAudit(workers.background),
    policy,
    connectRights,
    findUsers,
    registry,
    readers,
    informers,
    log,
    metrics,
  });
  const analysis = new AnalysisReporter({
    api,
    log,
    metrics,
    namespace: options.namespace,
    everyMs: options.analysisIntervalMs,
    readers,
    analyze: createApartAnalysis(workers.background),
  });
  createAnalysisMetrics(metrics.registry).watchFindings(() => analysis.list());
  const webhooks = createWebhooks(options, {
    api: client.scoped({ onWrite: (write) => metrics.recordWrite(write) }),
    leaderApi: api,
    informers,
    log,
    metrics,
    routes: [injection.route, ...validation.routes],
  });
  const staleness = new StaleKinds({ informers });
  const controller = new IstioOperatorController({
    api,
    informers,
    render: (resource, kubeVersion) =>
      renderForController(resource, { kubeVersion, webhookEndpoint: webhooks.endpoint }),
    policy,
    namespaces: registry.namespaces,
    webhooks: webhooks.proofs,
    auditor: injection.auditor,
    staleness,
    digest: (text) => createHash('sha256').update(text).digest('hex'),
    events,
    now: () => Date.now(),
    log,
    metrics,
  });
  createResourceMetrics(metrics.registry).watchConditions(() => controller.listConditions());
  createContentionMetrics(metrics.registry).watchContestedFields(() => [
    ...controller.listContestedFields(),
    ...webhooks.controller.listContestedFields(),
  ]);
  const prometheus = options.prometheus && createPrometheus(options.prometheus);
  const staged = { api, policy, prometheus, informers, events, now: () => Date.now(), log, metrics };
  const rollouts = new ProxyRolloutController({
    ...staged,
    configs: {
      configOf: (revision, namespace) => registry.configOf(revision, namespace),
      namespaceOf: (name) => registry.namespaceOf(name),
      listNamespaces: () => registry.namespaces.list(),
    },
    operatorNamespace: options.namespace,
  });
  createRolloutMetrics(metrics.registry).watchRollouts(() => rollouts.listStatuses());
  const shifts = new TrafficShiftController(staged);
  const migrations = new MutualTlsMigrationController(staged);
  const stagedMetrics = createStagedMetrics(metrics.registry);
  stagedMetrics.watchShifts(() => shifts.listStatuses());
  stagedMetrics.watchMigrations(() => migrations.listStatuses());
  const leading = [
    controller,
    rollouts,
    shifts,
    migrations,
    webhooks.controller,
    injection.auditor,
    validation.auditor,
    analysis,
  ];
  const leadership = createLeadership(options, { client, informers, leading, log, identity });
  metrics.watchLeadership(isLeader);
  const health = new HealthServer({ port: options.healthPort });
  const loop = new EventLoopCheck();
  health.addHealthCheck('event-loop', () => loop.findProblem());
  health.addHealthCheck('workers', () => findWorkerProblem(workers));
  health.addReadyCheck('webhooks', () => webhooks.findUnready());
  const metricsServer = new MetricsServer({ port: options.metricsPort, registry: metrics.registry });
  const lifecycle = new Lifecycle({ log })
    .add({ name: 'health', start: () => health.start(), stop: () => health.stop() })
    .add({ name: 'metrics', start: () => metricsServer.start(), stop: () => metricsServer.stop() })
    .add({ name: 'event loop', start: () => loop.start(), stop: () => loop.stop() })
    .add({ name: 'workers', start: () => undefined, stop: () => stopWorkers(workers) })
    .add({ name: 'client', start: () => undefined, stop: () => client.close() })
    .add({ name: 'informers', start: () => controller.start(), stop: () => controller.stop() });
  lifecycle.add({ name: 'staleness', start: () => staleness.start(), stop: () => staleness.stop() });
  lifecycle.add({ name: 'injection', start: () => registry.start(), stop: () => registry.stop() });
  for (const part of [...validation.parts, ...webhooks.parts]) lifecycle.add(part);
  if (options.page) {
    const report = createApartReport(workers.background);
    const page = new OperatorPage({ ...options.page, name: instance, version: VERSION, informers, report, log });
    lifecycle.add({ name: 'page', start: () => page.start(), stop: () => page.stop() });
  }
  lifecycle.add({
    name: 'leadership',
    start: () => leadership.start(stop.signal),
    stop: async () => {
      stop.abort();
      await leadership.ended();
      await events.stop();
    },
  });
  return { lifecycle, metrics, isLeader };
}

/** What works only on the replica that leads. */
interface Leading {
  startLeading(): void;
  stopLeading(): Promise<void>;
}

interface Leadership {
  isLeader: () => boolean;
  /** Aborts when nothing may be sent any more. */
  term: () => AbortSignal | undefined;
  start: (signal: AbortSignal) => void;
  ended: () => Promise<void>;
}

function createLeadership(
  options: OperatorOptions,
  parts: { client: KubeClient; informers: InformerPool; leading: readonly Leading[]; log: Log; identity: string },
): Leadership {
  const { client, informers, leading, log, identity } = parts;
  const startLeading = (): void => leading.forEach((part) => part.startLeading());
  const stopLeading = async (): Promise<void> => {
    await Promise.all(leading.map((part) => part.stopLeading()));
  };
  if (!options.leaderElect)
    return { isLeader: () => true, term: () => undefined, start: startLeading, ended: stopLeading };
  const watch = informers.open({
    kind: LEASE,
    namespace: options.namespace,
    fieldSelector: `metadata.name=${LEASE_NAME}`,
  });
  const elector = new LeaderElector({
    connect: (scope) => client.scoped(scope),
    watch,
    namespace: options.namespace,
    name: LEASE_NAME,
    identity,
    leaseDurationMs: options.leaseDurationMs,
    renewDeadlineMs: options.renewDeadlineMs,
    retryPeriodMs: options.retryPeriodMs,
    log,
    onStartedLeading: startLeading,
    onStoppedLeading: stopLeading,
  });
  let running: Promise<void> = Promise.resolve();
  return {
    isLeader: () => elector.isLeader(),
    term: () => elector.term,
    start: (signal) => void (running = elector.run(signal)),
    ended: () => running,
  };
}

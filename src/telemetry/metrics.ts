import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { createScrapedGauge } from './scraped-gauge.ts';

export type ReconcileResult = 'success' | 'requeue' | 'error';

/** What the metrics read of a work queue. */
export interface QueueGauges {
  readonly depth: number;
  readonly inFlight: number;
}

/** What the metrics read of all informers. */
export interface InformersGauges {
  readonly watches: readonly { kind: string; isHealthy: boolean; lastEventAt: number | undefined }[];
  readonly kinds: ReadonlyMap<string, { objects: number; skipped: number; restarts: number }>;
}

/** The operator's metrics, on a registry of their own. */
export interface Metrics {
  readonly registry: Registry;
  recordReconcile(controller: string, result: ReconcileResult, seconds: number): void;
  recordWrite(write: { verb: string; ref: { kind: string } }): void;
  /** Reads the queue at each scrape; undefined, as while another replica leads, counts as empty. */
  watchQueue(controller: string, queue: () => QueueGauges | undefined): void;
  watchInformers(informers: InformersGauges): void;
  watchLeadership(isLeader: () => boolean): void;
}

export interface MetricsOptions {
  /** CPU, memory, event loop; on unless told. */
  processMetrics?: boolean;
  now?: () => number;
}

const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Creates the registry with all metrics; nothing is shared between two calls. */
export function createMetrics(options: MetricsOptions = {}): Metrics {
  const registry = new Registry();
  const now = options.now ?? Date.now;
  if (options.processMetrics !== false) collectDefaultMetrics({ register: registry });
  const work = createWorkMetrics(registry);
  const queues = new Map<string, () => QueueGauges | undefined>();
  let isLeader = (): boolean => false;
  observeQueues(registry, queues);
  new Gauge({
    name: 'sailwright_leader',
    help: '1 while this replica leads.',
    registers: [registry],
    collect() {
      this.set(isLeader() ? 1 : 0);
    },
  });
  return {
    registry,
    ...work,
    watchQueue: (controller, queue) => void queues.set(controller, queue),
    watchInformers: observeInformers(registry, now),
    watchLeadership: (check) => void (isLeader = check),
  };
}

function createWorkMetrics(registry: Registry): Pick<Metrics, 'recordReconcile' | 'recordWrite'> {
  const registers = [registry];
  const total = new Counter({
    name: 'sailwright_reconcile_total',
    help: 'Passes of a controller, by how they ended.',
    labelNames: ['controller', 'result'] as const,
    registers,
  });
  const errors = new Counter({
    name: 'sailwright_reconcile_errors_total',
    help: 'Passes of a controller that failed.',
    labelNames: ['controller'] as const,
    registers,
  });
  const duration = new Histogram({
    name: 'sailwright_reconcile_duration_seconds',
    help: 'How long a pass took.',
    labelNames: ['controller'] as const,
    buckets: DURATION_BUCKETS,
    registers,
  });
  const writes = new Counter({
    name: 'sailwright_api_writes_total',
    help: 'Mutating requests to the API server, dry runs not counted.',
    labelNames: ['verb', 'kind'] as const,
    registers,
  });
  return {
    recordReconcile: (controller, result, seconds) => {
      total.inc({ controller, result });
      duration.observe({ controller }, seconds);
      if (result === 'error') errors.inc({ controller });
    },
    recordWrite: ({ verb, ref }) => writes.inc({ verb, kind: ref.kind }),
  };
}

function observeQueues(registry: Registry, queues: ReadonlyMap<string, () => QueueGauges | undefined>): void {
  const gauge = (name: string, help: string, read: (queue: QueueGauges) => number): void => {
    new Gauge({
      name,
      help,
      labelNames: ['controller'] as const,
      registers: [registry],
      collect() {
        for (const [controller, queue] of queues) {
          const current = queue();
          this.set({ controller }, current ? read(current) : 0);
        }
      },
    });
  };
  gauge('sailwright_workqueue_depth', 'Keys that wait for a worker.', (queue) => queue.depth);
  gauge('sailwright_workqueue_in_flight', 'Keys that are worked on.', (queue) => queue.inFlight);
}

function observeInformers(registry: Registry, now: () => number): (informers: InformersGauges) => void {
  let informers: InformersGauges = { watches: [], kinds: new Map() };
  const gauge = (name: string, help: string, read: () => ReadonlyMap<string, number>): void => {
    const watch = createScrapedGauge(registry, { name, help, labelNames: ['kind'] });
    watch(() => [...read()].map(([kind, value]) => ({ labels: { kind }, value })));
  };
  const perKind = (read: (state: { objects: number; skipped: number }) => number): Map<string, number> =>
    new Map([...informers.kinds].map(([kind, state]) => [kind, read(state)]));
  gauge(
    'sailwright_informer_last_event_seconds',
    'Seconds since the last sign of life of the informer of a kind; the oldest, where a kind has several.',
    () => computeAges(informers.watches, now()),
  );
  gauge(
    'sailwright_informer_stale_seconds',
    'How old the picture of a kind is that is used while it cannot be read; 0 while it is current.',
    () => computeStaleness(informers.watches, now()),
  );
  gauge('sailwright_informer_objects', 'Objects of a kind that are kept in memory.', () =>
    perKind(({ objects }) => objects),
  );
  gauge(
    'sailwright_informer_skipped_objects',
    'Objects of a kind that are not taken into account because they are too large; the log names them.',
    () => perKind(({ skipped }) => skipped),
  );
  new Gauge({
    name: 'sailwright_watches',
    help: 'Open watches at the API server.',
    registers: [registry],
    collect() {
      this.set(informers.watches.length);
    },
  });
  new Counter({
    name: 'sailwright_informer_restarts_total',
    help: 'How often an informer took up its watch again after a failure or silence.',
    labelNames: ['kind'] as const,
    registers: [registry],
    collect() {
      this.reset();
      for (const [kind, { restarts }] of informers.kinds) this.inc({ kind }, restarts);
    },
  });
  return (watched) => void (informers = watched);
}

/** By kind, in seconds; the oldest, where a kind has several watches. */
function computeAges(watches: InformersGauges['watches'], now: number): Map<string, number> {
  const oldest = new Map<string, number>();
  for (const { kind, lastEventAt } of watches) {
    if (lastEventAt === undefined) continue;
    oldest.set(kind, Math.max(0, (now - lastEventAt) / 1000, oldest.get(kind) ?? 0));
  }
  return oldest;
}

function computeStaleness(watches: InformersGauges['watches'], now: number): Map<string, number> {
  const current = new Map(watches.map(({ kind }) => [kind, 0]));
  const lost = watches.filter(({ isHealthy }) => !isHealthy);
  return new Map([...current, ...computeAges(lost, now)]);
}

import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export type ReconcileResult = 'success' | 'requeue' | 'error';

/** What the metrics read of a work queue. */
export interface QueueGauges {
  readonly depth: number;
  readonly inFlight: number;
}

/** What the metrics read of an informer. */
export interface InformerGauges {
  readonly kind: { kind: string };
  readonly lastEventAt: number | undefined;
  readonly restarts: number;
}

/** The operator's metrics, on a registry of their own. */
export interface Metrics {
  readonly registry: Registry;
  recordReconcile(controller: string, result: ReconcileResult, seconds: number): void;
  recordWrite(write: { verb: string; ref: { kind: string } }): void;
  /** Reads the queue at each scrape; undefined, as while another replica leads, counts as empty. */
  watchQueue(controller: string, queue: () => QueueGauges | undefined): void;
  watchInformer(informer: InformerGauges): void;
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
  const informers: InformerGauges[] = [];
  let isLeader = (): boolean => false;
  observeQueues(registry, queues);
  observeInformers(registry, informers, now);
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
    watchInformer: (informer) => void informers.push(informer),
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

function observeInformers(registry: Registry, informers: readonly InformerGauges[], now: () => number): void {
  new Gauge({
    name: 'sailwright_informer_last_event_seconds',
    help: 'Seconds since the last sign of life of the informer of a kind; the oldest, where a kind has several.',
    labelNames: ['kind'] as const,
    registers: [registry],
    collect() {
      const oldest = new Map<string, number>();
      for (const { kind, lastEventAt } of informers) {
        if (lastEventAt === undefined) continue;
        const age = Math.max(0, (now() - lastEventAt) / 1000);
        oldest.set(kind.kind, Math.max(age, oldest.get(kind.kind) ?? 0));
      }
      for (const [kind, age] of oldest) this.set({ kind }, age);
    },
  });
  new Counter({
    name: 'sailwright_informer_restarts_total',
    help: 'How often an informer took up its watch again after a failure or silence.',
    labelNames: ['kind'] as const,
    registers: [registry],
    collect() {
      this.reset();
      for (const { kind, restarts } of informers) this.inc({ kind: kind.kind }, restarts);
    },
  });
}

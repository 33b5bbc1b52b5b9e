import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What the metrics read of a pool of worker threads. */
export interface WorkerPoolGauges {
  readonly workers: number;
  readonly busy: number;
  /** Jobs that no worker has begun. */
  readonly waiting: number;
}

/** How a job ended. `kind` is a constant of ours, `outcome` `done`, `failed`, or why it was not carried out. */
export interface JobRecord {
  kind: string;
  outcome: string;
  /** In a worker; undefined for one that was never begun. */
  seconds: number | undefined;
}

/** Where one pool tells what happens to it. */
export interface WorkerRecorder {
  recordJob(record: JobRecord): void;
  /** A worker ended that should not have. */
  recordLoss(reason: string): void;
}

/** Metrics of worker threads. */
export interface WorkerMetrics {
  /** Reads the pool at each scrape. */
  watchPool(name: string, pool: WorkerPoolGauges): WorkerRecorder;
}

const BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export function createWorkerMetrics(registry: Registry): WorkerMetrics {
  const pools = new Map<string, WorkerPoolGauges>();
  observePools(registry, pools);
  const registers = [registry];
  const jobs = new Counter({
    name: 'sailwright_worker_jobs_total',
    help: 'Jobs for worker threads, by what they were and how they ended.',
    labelNames: ['pool', 'kind', 'outcome'] as const,
    registers,
  });
  const duration = new Histogram({
    name: 'sailwright_worker_job_duration_seconds',
    help: 'How long a job took in a worker thread.',
    labelNames: ['pool', 'kind'] as const,
    buckets: BUCKETS,
    registers,
  });
  const losses = new Counter({
    name: 'sailwright_worker_losses_total',
    help: 'Worker threads that were ended for taking too long or too much memory, or ended by themselves.',
    labelNames: ['pool', 'reason'] as const,
    registers,
  });
  return {
    watchPool: (pool, gauges) => {
      pools.set(pool, gauges);
      // Looking up labels costs more than counting: children are kept.
      const counts = new Map<string, Pick<Counter.Internal, 'inc'>>();
      const durations = new Map<string, Pick<Histogram.Internal<string>, 'observe'>>();
      return {
        recordJob: ({ kind, outcome, seconds }) => {
          const key = `${kind} ${outcome}`;
          kept(counts, key, () => jobs.labels({ pool, kind, outcome })).inc();
          if (seconds !== undefined) kept(durations, kind, () => duration.labels({ pool, kind })).observe(seconds);
        },
        recordLoss: (reason) => losses.inc({ pool, reason }),
      };
    },
  };
}

function kept<T>(made: Map<string, T>, key: string, make: () => T): T {
  let found = made.get(key);
  if (found === undefined) made.set(key, (found = make()));
  return found;
}

function observePools(registry: Registry, pools: ReadonlyMap<string, WorkerPoolGauges>): void {
  const gauge = (name: string, help: string, read: (pool: WorkerPoolGauges) => number): void => {
    new Gauge({
      name,
      help,
      labelNames: ['pool'] as const,
      registers: [registry],
      collect() {
        for (const [pool, gauges] of pools) this.set({ pool }, read(gauges));
      },
    });
  };
  gauge('sailwright_workers', 'Worker threads that run.', ({ workers }) => workers);
  gauge('sailwright_workers_busy', 'Worker threads that have a job.', ({ busy }) => busy);
  gauge('sailwright_worker_queue_length', 'Jobs that wait for a worker thread.', ({ waiting }) => waiting);
}

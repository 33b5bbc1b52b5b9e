import { deferred, type Deferred } from './deferred.ts';
import { Worker, type TransferListItem } from 'node:worker_threads';
import type { Log } from '../telemetry/log.ts';
import type { WorkerMetrics, WorkerPoolGauges, WorkerRecorder } from '../telemetry/worker-metrics.ts';
import { systemClock, type Clock } from './clock.ts';
import { FairQueue, type QueueLimits } from './fair-queue.ts';

/** A message to a worker. */
export interface JobMessage {
  id: number;
  job: unknown;
}

/** What a worker sends back. */
export type JobAnswer = { id: number; ok: true; result: unknown } | { id: number; ok: false; error: string };

/** What a worker is told of itself, as its `workerData`. */
export interface WorkerNature {
  givesWay: boolean;
}

/** Why a job has no result, if not by a fault in it; `crashed`: its worker ended by itself. */
export type PoolFailure = 'busy' | 'late' | 'memory' | 'crashed' | 'withdrawn' | 'stopped';

/** A job that the pool did not carry out. */
export class PoolError extends Error {
  override readonly name = 'PoolError';
  readonly failure: PoolFailure;

  constructor(failure: PoolFailure, message: string) {
    super(message);
    this.failure = failure;
  }
}

export interface WorkerPoolOptions {
  /** For log and metrics. */
  name: string;
  /** The module that a worker runs: it answers each {@link JobMessage} with a {@link JobAnswer}. */
  entry: URL;
  log: Log;
  /** Workers at the most; they start when there is something to do. */
  size?: number;
  /** A job that takes longer is ended with its worker. */
  jobMs?: number;
  /** A worker without a job for so long is ended: it costs memory. */
  idleMs?: number;
  /** Of a worker's heap. */
  memoryMib?: number;
  /** Weight of the jobs that a worker may hold when it is offered one more; none unless told: one job at a time. */
  heldWeight?: number;
  /** Whether the system prefers other threads to its workers; true unless told. */
  givesWay?: boolean;
  queue?: QueueLimits;
  clock?: Clock;
  metrics?: WorkerMetrics | undefined;
}

/** How a job is queued. */
export interface JobOptions {
  /** What it is, for the metrics: a constant of the caller's. */
  kind?: string;
  /** Owners take turns. */
  owner?: string;
  /** What it takes of the queue's limits; 1 unless told. */
  weight?: number;
  /** Nobody waits for it any more: it is not begun. */
  signal?: AbortSignal;
  transfer?: readonly TransferListItem[];
}

const MIB = 1024 * 1024;
const SECOND = 1_000;
const DEFAULTS = {
  size: 1,
  jobMs: 10_000,
  idleMs: 60_000,
  memoryMib: 160,
  heldWeight: 0,
  givesWay: true,
  queue: { total: 48 * MIB, perOwner: 16 * MIB },
};
/** So many workers in a row that end by themselves are no accident. */
const MAX_CRASHES = 3;

interface Job extends JobOptions {
  id: number;
  job: unknown;
  kind: string;
  owner: string;
  weight: number;
  /** When a worker was given it. */
  begunAt?: number;
  cancelTimer?: () => void;
  outcome: Deferred<unknown>;
}

interface Slot {
  worker: Worker;
  /** What it holds, by id, and the weight of that. */
  jobs: Map<number, Job>;
  weight: number;
  /** It has answered before: what it needs is loaded. */
  isProven: boolean;
  cancelIdleTimer?: () => void;
}

/**
 * Runs what may take long in threads of their own, which this one never waits for. A worker that takes too long, or too
 * much memory, is ended and another one started when it is needed: only its job fails.
 */
export class WorkerPool implements WorkerPoolGauges {
  readonly #options: Required<Omit<WorkerPoolOptions, 'metrics'>>;
  readonly #recorder: WorkerRecorder | undefined;
  readonly #waiting: FairQueue<Job>;
  readonly #slots = new Set<Slot>();
  #nextId = 1;
  #crashes = 0;
  #isStopped = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = { ...DEFAULTS, clock: systemClock, ...options };
    this.#waiting = new FairQueue(this.#options.queue);
    this.#recorder = options.metrics?.watchPool(options.name, this);
  }

  get workers(): number {
    return this.#slots.size;
  }

  get busy(): number {
    return [...this.#slots].filter(({ jobs }) => jobs.size > 0).length;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** The result of a job; rejects with {@link PoolError}, or with what the job threw. */
  run(job: unknown, options: JobOptions = {}): Promise<unknown> {
    const { signal } = options;
    const queued = this.#create(job, options);
    const { owner, weight, outcome } = queued;
    if (this.#isStopped) this.#fail(queued, 'stopped', 'is stopped');
    else if (!this.#waiting.push(owner, queued, weight)) this.#fail(queued, 'busy', 'too much is waiting already');
    const withdraw = (): void => {
      if (this.#waiting.remove(owner, queued)) this.#fail(queued, 'withdrawn', 'nobody waits for it any more');
    };
    signal?.addEventListener('abort', withdraw, { once: true });
    this.#assign();
    return outcome.promise.finally(() => signal?.removeEventListener('abort', withdraw));
  }

  /**
   * Gives the worker that holds least a job, at once: undefined, and none is made, when none that has answered before
   * has room for its weight. The outcome is that of `run`.
   */
  offer(make: () => unknown, options: JobOptions = {}): Promise<unknown> | undefined {
    const { weight = 1 } = options;
    let least: Slot | undefined;
    for (const slot of this.#slots) {
      const hasRoom = slot.jobs.size === 0 || slot.weight + weight <= this.#options.heldWeight;
      if (slot.isProven && hasRoom && slot.weight < (least?.weight ?? Infinity)) least = slot;
    }
    return least && this.#give(least, make(), options);
  }

  /** Starts one more worker, if there may be more, and gives it this job: offers reach it once it has answered. */
  grow(job: unknown, options: JobOptions = {}): Promise<unknown> | undefined {
    const slot = this.#isStopped ? undefined : this.#start();
    return slot && this.#give(slot, job, options);
  }

  /** Undefined when workers can do their work, else why not. */
  findProblem(): string | undefined {
    if (this.#crashes < MAX_CRASHES) return undefined;
    return `${this.#options.name}: ${this.#crashes} workers in a row ended without an answer`;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    for (let job = this.#waiting.shift(); job; job = this.#waiting.shift()) this.#fail(job, 'stopped', 'is stopped');
    await Promise.all([...this.#slots].map((slot) => this.#end(slot, 'stopped', 'is stopped')));
  }

  #create(job: unknown, options: JobOptions): Job {
    const { kind = 'job', owner = '', weight = 1 } = options;
    return { ...options, id: this.#nextId++, job, kind, owner, weight, outcome: deferred() };
  }

  #give(slot: Slot, job: unknown, options: JobOptions): Promise<unknown> {
    const given = this.#create(job, options);
    this.#begin(slot, given);
    return given.outcome.promise;
  }

  #assign(): void {
    while (this.#waiting.size > 0) {
      const slot = [...this.#slots].find(({ jobs }) => jobs.size === 0) ?? this.#start();
      const job = slot && this.#waiting.shift();
      if (!slot || !job) return;
      this.#begin(slot, job);
    }
  }

  #start(): Slot | undefined {
    const { size, entry, memoryMib, givesWay } = this.#options;
    if (this.#slots.size >= size) return undefined;
    const worker = new Worker(entry, {
      resourceLimits: { maxOldGenerationSizeMb: memoryMib, maxYoungGenerationSizeMb: 8 },
      execArgv: [],
      workerData: { givesWay } satisfies WorkerNature,
    });
    // The process may end while a worker idles.
    worker.unref();
    const slot: Slot = { worker, jobs: new Map(), weight: 0, isProven: false };
    this.#slots.add(slot);
    worker.on('message', (answer: JobAnswer) => this.#finish(slot, answer));
    worker.on('error', (error: NodeJS.ErrnoException) => this.#crash(slot, error));
    worker.on('exit', () => this.#crash(slot, new Error('the worker ended')));
    return slot;
  }

  #begin(slot: Slot, job: Job): void {
    const { clock, jobMs } = this.#options;
    slot.cancelIdleTimer?.();
    slot.jobs.set(job.id, job);
    slot.weight += job.weight;
    job.begunAt = clock.monotonic();
    job.cancelTimer = clock.after(jobMs, () => {
      this.#options.log.warn({ pool: this.#options.name, ms: jobMs }, 'a job took too long; its worker is replaced');
      this.#recorder?.recordLoss('late');
      void this.#end(slot, 'late', `takes longer than ${jobMs / 1000} s`);
      this.#assign();
    });
    const message: JobMessage = { id: job.id, job: job.job };
    slot.worker.postMessage(message, job.transfer);
  }

  #finish(slot: Slot, answer: JobAnswer): void {
    const job = slot.jobs.get(answer.id);
    if (!job) return;
    this.#crashes = 0;
    slot.jobs.delete(job.id);
    slot.weight -= job.weight;
    slot.isProven = true;
    job.cancelTimer?.();
    this.#record(job, answer.ok ? 'done' : 'failed');
    if (answer.ok) job.outcome.resolve(answer.result);
    else job.outcome.reject(new Error(answer.error));
    this.#assign();
    if (slot.jobs.size > 0) return;
    const end = (): void => void this.#end(slot, 'stopped', 'idle');
    slot.cancelIdleTimer = this.#options.clock.after(this.#options.idleMs, end);
  }

  #crash(slot: Slot, error: NodeJS.ErrnoException): void {
    if (!this.#slots.has(slot)) return;
    const isMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    if (!isMemory) this.#crashes += 1;
    this.#options.log.error({ error, pool: this.#options.name }, 'a worker ended; it is replaced when it is needed');
    const failure = isMemory ? 'memory' : 'crashed';
    this.#recorder?.recordLoss(failure);
    void this.#end(slot, failure, isMemory ? 'takes too much memory' : error.message);
    this.#assign();
  }

  async #end(slot: Slot, failure: PoolFailure, message: string): Promise<void> {
    this.#slots.delete(slot);
    slot.cancelIdleTimer?.();
    for (const job of slot.jobs.values()) {
      job.cancelTimer?.();
      this.#fail(job, failure, message);
    }
    slot.jobs.clear();
    await slot.worker.terminate();
  }

  #fail(job: Job, failure: PoolFailure, message: string): void {
    this.#record(job, failure);
    job.outcome.reject(new PoolError(failure, message));
  }

  #record({ kind, begunAt }: Job, outcome: string): void {
    const seconds = begunAt === undefined ? undefined : (this.#options.clock.monotonic() - begunAt) / SECOND;
    this.#recorder?.recordJob({ kind, outcome, seconds });
  }
}

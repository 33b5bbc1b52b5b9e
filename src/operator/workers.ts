import { extname } from 'node:path';
import type { AnalyzeApart } from '../controllers/analysis-reporter/reporter.ts';
import type { AuditApart } from '../controllers/validation-auditor/auditor.ts';
import type { ClusterAnalysis, ClusterView } from '../core/analyze/report/analyze-cluster.ts';
import type { ResourceReader } from '../core/istio/readers.ts';
import { isJsonObject, type Json, type KubeObject } from '../core/kube-object.ts';
import { hasOwnInjection } from '../core/render/own-injection.ts';
import { measureJson } from '../core/json-size.ts';
import type { Result } from '../core/problem.ts';
import type { Rendered } from '../core/render/index.ts';
import type { Snapshot } from '../dashboard/live-report.ts';
import type { ReportApart } from '../dashboard/operator-page.ts';
import type { ReportQuestion } from '../dashboard/watched-report.ts';
import { PoolError, WorkerPool, type PoolFailure, type WorkerPoolOptions } from '../runtime/worker-pool.ts';
import type { Log } from '../telemetry/log.ts';
import type { WorkerMetrics } from '../telemetry/worker-metrics.ts';
import type { AdmissionRequest, AdmissionResponse } from '../webhooks/admission-review.ts';
import { USUAL_POD_BODY } from '../webhooks/inject/costly-pod.ts';
import type { ApartInjector, InjectionCall } from '../webhooks/inject/apart-injector.ts';
import type { EncodedAnswer, JudgeCaller } from '../webhooks/server/admission-handler.ts';
import type { ChangePair } from '../webhooks/validate/change-study.ts';
import { NO_READERS, type Readers } from '../webhooks/validate/readers.ts';
import type { ApartJudge, JudgedReview, Judgement } from '../webhooks/validate/validation-handler.ts';
import { unpackRendering, type PackedRendering } from './packed-rendering.ts';
import { renderedPart, renderResource, type RenderSurroundings } from './render-resource.ts';

/** What a worker is asked. */
export type WorkerJob =
  | { kind: 'review'; body: Uint8Array; readers: readonly ResourceReader[] }
  | { kind: 'request'; request: AdmissionRequest; readers: readonly ResourceReader[] }
  | { kind: 'render'; resource: KubeObject; surroundings: RenderSurroundings }
  | { kind: 'study'; pair: ChangePair; surroundings: RenderSurroundings }
  | { kind: 'operator-review'; body: Uint8Array; surroundings: RenderSurroundings }
  | { kind: 'inject-review'; body: Uint8Array; call: InjectionCall }
  | { kind: 'inject-request'; request: AdmissionRequest; call: InjectionCall }
  | { kind: 'inject-offered' | 'inject-warm-up'; body: Uint8Array; call: InjectionCall }
  | { kind: 'audit'; text: Uint8Array; readers: readonly ResourceReader[] }
  | { kind: 'analyze'; texts: readonly Uint8Array[]; view: ClusterView }
  | { kind: 'report'; question: ReportQuestion };

/** Renders here what is quick, and all else in a worker. */
export type Renderer = (resource: KubeObject, surroundings: RenderSurroundings) => Promise<Result<Rendered>>;

/** The bundle has the worker beside its other files, and the sources have it beside this one. */
const ENTRY = new URL(`./judgement-worker${extname(import.meta.url)}`, import.meta.url);
/** Values of a spec, by {@link measureJson}, and components and gateways that are rendered in a few milliseconds. */
const MAX_SPEC_HERE = 2_000;
const MAX_INSTANCES_HERE = 10;

/** What each pool is for: what attacks one must not delay the others. */
export const WORKER_POOLS = ['admission', 'injection', 'answering', 'rendering', 'background'] as const;
export type WorkerPoolName = (typeof WORKER_POOLS)[number];
/**
 * What a thread that answers holds at the most, in bytes of reviews. While it injects so many usual pods, the one that
 * serves takes in as many and injects two itself; at the worst a call waits for pods of others for some ten milliseconds.
 */
const HELD_WEIGHT = 6 * USUAL_POD_BODY;
/** Nobody waits for what is done in the background, and a whole cluster takes more memory than a resource. */
const LIMITS: Partial<Record<WorkerPoolName, Partial<WorkerPoolOptions>>> = {
  background: { jobMs: 60_000, idleMs: 5_000, memoryMib: 256 },
  // Callers wait for them as for the thread that serves.
  answering: { heldWeight: HELD_WEIGHT, givesWay: false },
};
/** A job ended for what it is, not for what else there is to do. */
const FAULTS_OF_JOBS: readonly PoolFailure[] = ['late', 'memory', 'crashed'];

/** Whoever runs jobs. */
export type Workers = Pick<WorkerPool, 'run'>;

export interface WorkersOptions {
  log: Log;
  metrics?: WorkerMetrics;
  /** Threads at the most, if not as usual. */
  size?: number | undefined;
  /** Milliseconds that a job may take, if not as usual. */
  jobMs?: number;
}

/** Threads for one purpose. */
export function createWorkers(name: WorkerPoolName, { size, ...options }: WorkersOptions): WorkerPool {
  const limits = { ...LIMITS[name], ...(size === undefined ? {} : { size }) };
  return new WorkerPool({ ...limits, ...options, name, entry: ENTRY });
}

/** All pools of an operator; no thread runs yet. */
export type AllWorkers = Readonly<Record<WorkerPoolName, WorkerPool>>;

/** `webhookWorkers` counts the thread that serves. */
export function createAllWorkers({
  webhookWorkers,
  ...options
}: Omit<WorkersOptions, 'size' | 'jobMs'> & { webhookWorkers: number }): AllWorkers {
  const sizes: Partial<Record<WorkerPoolName, number>> = { answering: webhookWorkers - 1 };
  const pools = WORKER_POOLS.map((name) => [name, createWorkers(name, { ...options, size: sizes[name] })]);
  return Object.fromEntries(pools) as AllWorkers;
}

/** Undefined when all pools can do their work, else why not. */
export function findWorkerProblem(workers: AllWorkers): string | undefined {
  return Object.values(workers)
    .map((pool) => pool.findProblem())
    .find((problem) => problem !== undefined);
}

export async function stopWorkers(workers: AllWorkers): Promise<void> {
  await Promise.all(Object.values(workers).map((pool) => pool.stop()));
}

/** Judges in a worker of the pool, by the releases of those who read what is judged. */
export function createApartJudge(pool: Workers, readers: Pick<Readers, 'list'> = NO_READERS): ApartJudge {
  return {
    judgeBody: (body, caller) => {
      const bytes = ownBytes(body);
      return runFor(
        caller,
        pool,
        { kind: 'review', body: bytes, readers: readers.list() },
        bytes,
      ) as Promise<JudgedReview>;
    },
    judgeRequest: (request, caller) =>
      runFor(caller, pool, { kind: 'request', request, readers: readers.list() }) as Promise<Judgement>,
  };
}

/** Injects in a worker of the pool. */
export function createApartInjector(pool: Workers): ApartInjector {
  return {
    injectBody: (body, call, caller) => {
      const bytes = ownBytes(body);
      return runFor(caller, pool, { kind: 'inject-review', body: bytes, call }, bytes) as Promise<EncodedAnswer>;
    },
    injectRequest: (request, call, caller) =>
      runFor(caller, pool, { kind: 'inject-request', request, call }) as Promise<AdmissionResponse>,
  };
}

/** Judges stored resources in a worker of the pool. */
export function createApartAudit(pool: Workers): AuditApart {
  return (text, { owner, readers }) => {
    const options = { kind: 'audit', owner, weight: text.length, transfer: [text.buffer] };
    return pool.run({ kind: 'audit', text, readers } satisfies WorkerJob, options) as Promise<readonly string[]>;
  };
}

/** Analyzes a cluster in a worker of the pool. */
export function createApartAnalysis(pool: Workers): AnalyzeApart {
  return (texts, view) => {
    const options = { kind: 'analyze', transfer: texts.map(({ buffer }) => buffer) };
    return pool.run({ kind: 'analyze', texts, view } satisfies WorkerJob, options) as Promise<ClusterAnalysis>;
  };
}

/** Computes what the page shows in a worker of the pool. */
export function createApartReport(pool: Workers): ReportApart {
  return (question) => {
    const options = { kind: 'report', owner: 'page', transfer: [question.objects.buffer] };
    return pool.run({ kind: 'report', question } satisfies WorkerJob, options) as Promise<Snapshot>;
  };
}

/** Requests that were read here were small. */
const MAX_REQUEST_BYTES = 64 * 1024;

/** Runs a job for a caller of a webhook; the bytes are given away. */
export function runFor(
  { peer, signal }: JudgeCaller,
  pool: Workers,
  job: WorkerJob,
  bytes?: Uint8Array<ArrayBuffer>,
): Promise<unknown> {
  const queued = { kind: job.kind, owner: peer, signal, weight: bytes?.length ?? MAX_REQUEST_BYTES };
  return pool.run(job, bytes ? { ...queued, transfer: [bytes.buffer] } : queued);
}

/** What is given away to another thread must not be part of a buffer that others use too. */
export function ownBytes(body: Buffer): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = body;
  const isWhole = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
  return isWhole ? new Uint8Array(buffer) : new Uint8Array(body);
}

/** A rendering that takes too long or too much is a problem of the resource: nothing else is held up by it. */
export function createRenderer(pool: Workers): Renderer {
  return async (resource, surroundings) => {
    if (isQuick(resource)) return renderResource(resource, surroundings);
    try {
      const job: WorkerJob = { kind: 'render', resource: renderedPart(resource), surroundings };
      return await unpackRendering((await pool.run(job, { kind: job.kind })) as PackedRendering);
    } catch (error) {
      return {
        ok: false,
        problems: [{ path: 'spec', code: 'RenderingTooLarge', message: describeFault(error) }],
        warnings: [],
      };
    }
  };
}

/** What is wrong with a resource whose rendering was ended; throws an error that is not the resource's fault. */
export function describeFault(error: unknown): string {
  if (!(error instanceof PoolError) || !FAULTS_OF_JOBS.includes(error.failure)) throw error;
  return `${error.message} to render: make it smaller, or split it`;
}

/** Whether a resource is rendered in a few milliseconds. */
export function isQuick({ spec }: KubeObject): boolean {
  if (!isJsonObject(spec)) return true;
  if (measureJson(spec) > MAX_SPEC_HERE || hasOwnInjection(spec)) return false;
  const components = Object.values(isJsonObject(spec.components) ? spec.components : {});
  // A map stands for one of its kind, a list for gateways.
  const instances = components.flatMap((component) => (Array.isArray(component) ? component : [component ?? null]));
  return instances.length <= MAX_INSTANCES_HERE && instances.every(hasPlainOverlays);
}

/** Without expressions that repeat something, which may be written out thousands of times. */
function hasPlainOverlays(component: Json): boolean {
  const k8s = isJsonObject(component) ? component['k8s'] : undefined;
  const overlays = isJsonObject(k8s) ? k8s['overlays'] : undefined;
  if (!Array.isArray(overlays)) return true;
  const patches = overlays.flatMap((overlay) => (isJsonObject(overlay) && overlay['patches']) || []);
  return patches.every((patch) => !isJsonObject(patch) || !JSON.stringify(patch['path'] ?? '').includes('{'));
}

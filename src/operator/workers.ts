import { extname } from 'node:path';
import { isJsonObject, type Json, type KubeObject } from '../core/kube-object.ts';
import { measureJson } from '../core/json-size.ts';
import type { Result } from '../core/problem.ts';
import type { Rendered } from '../core/render/index.ts';
import { PoolError, WorkerPool } from '../runtime/worker-pool.ts';
import type { Log } from '../telemetry/log.ts';
import type { AdmissionRequest } from '../webhooks/admission-review.ts';
import type { ApartJudge, JudgedReview, Judgement } from '../webhooks/validate/validation-handler.ts';
import { renderResource, type RenderSurroundings } from './render-resource.ts';

/** What a worker is asked. */
export type WorkerJob =
  | { kind: 'review'; body: Uint8Array }
  | { kind: 'request'; request: AdmissionRequest }
  | { kind: 'render'; resource: KubeObject; surroundings: RenderSurroundings };

/** Renders here what is quick, and all else in a worker. */
export type Renderer = (resource: KubeObject, surroundings: RenderSurroundings) => Promise<Result<Rendered>>;

/** The bundle has the worker beside its other files, and the sources have it beside this one. */
const ENTRY = new URL(`./judgement-worker${extname(import.meta.url)}`, import.meta.url);
/** Values of a spec, by {@link measureJson}, and components and gateways that are rendered in a few milliseconds. */
const MAX_SPEC_HERE = 2_000;
const MAX_INSTANCES_HERE = 10;

/** Threads for one purpose: what attacks one must not delay the other. */
export function createWorkers(name: 'admission' | 'rendering', log: Log, size = 1): WorkerPool {
  return new WorkerPool({ name, entry: ENTRY, log, size });
}

/** Judges in a worker of the pool. */
export function createApartJudge(pool: Pick<WorkerPool, 'run'>): ApartJudge {
  return {
    judgeBody: (body, { peer, signal }) => {
      const bytes = ownBytes(body);
      const options = { owner: peer, signal, weight: body.length, transfer: [bytes.buffer] };
      return pool.run({ kind: 'review', body: bytes } satisfies WorkerJob, options) as Promise<JudgedReview>;
    },
    judgeRequest: (request, { peer, signal }) => {
      const options = { owner: peer, signal, weight: MAX_REQUEST_BYTES };
      return pool.run({ kind: 'request', request } satisfies WorkerJob, options) as Promise<Judgement>;
    },
  };
}

/** Requests that were read here were small. */
const MAX_REQUEST_BYTES = 64 * 1024;

/** What is given away to another thread must not be part of a buffer that others use too. */
function ownBytes(body: Buffer): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = body;
  const isWhole = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
  return isWhole ? new Uint8Array(buffer) : new Uint8Array(body);
}

/** A rendering that takes too long or too much is a problem of the resource: nothing else is held up by it. */
export function createRenderer(pool: Pick<WorkerPool, 'run'>): Renderer {
  return async (resource, surroundings) => {
    if (isQuick(resource)) return renderResource(resource, surroundings);
    try {
      const { apiVersion, kind, metadata, spec } = resource;
      const { name, namespace } = metadata;
      const sent = { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) }, spec };
      const job: WorkerJob = { kind: 'render', resource: sent, surroundings };
      return (await pool.run(job)) as Result<Rendered>;
    } catch (error) {
      if (!(error instanceof PoolError) || (error.failure !== 'late' && error.failure !== 'memory')) throw error;
      const problem = { path: 'spec', message: `${error.message} to render: make it smaller, or split it` };
      return { ok: false, problems: [problem], warnings: [] };
    }
  };
}

function isQuick({ spec }: KubeObject): boolean {
  if (!isJsonObject(spec)) return true;
  if (measureJson(spec) > MAX_SPEC_HERE) return false;
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

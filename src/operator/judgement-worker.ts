// Judges, injects and renders in a thread of its own (workers.ts starts it).
import type { KubeObject } from '../core/kube-object.ts';
import type * as Injection from '../webhooks/inject/inject-apart.ts';
import { serveJobs } from '../runtime/worker-port.ts';
import type { WorkerJob } from './workers.ts';

serveJobs((job) => carryOut(job as WorkerJob));

/** What a pool never does is never loaded: it would cost its workers memory. */
async function carryOut(job: WorkerJob): Promise<unknown> {
  if ('call' in job) return inject(job);
  switch (job.kind) {
    case 'review':
      return (await import('../webhooks/validate/judge-review.ts')).judgeReview(job.body, job.readers);
    case 'request':
      return (await import('../webhooks/validate/judge-review.ts')).judgeRequest(job.request, job.readers);
    case 'render': {
      const { renderResource } = await import('./render-resource.ts');
      const { packRendering } = await import('./packed-rendering.ts');
      return packRendering(renderResource(job.resource, job.surroundings));
    }
    case 'study':
      return (await import('./study-change.ts')).studyHere(job.pair, job.surroundings);
    case 'operator-review':
      return (await import('./study-change.ts')).reviewHere(job.body, job.surroundings);
    case 'audit': {
      const { findErrors } = await import('../controllers/validation-auditor/slim-resource.ts');
      return findErrors(parseText(job.text), job.readers);
    }
    case 'analyze': {
      const { parseAnalyzedTexts } = await import('../controllers/analysis-reporter/fetch-objects.ts');
      const { analyzeCluster } = await import('../core/analyze/report/analyze-cluster.ts');
      return analyzeCluster(parseAnalyzedTexts(job.texts), job.view);
    }
    case 'report':
      return (await import('../dashboard/watched-report.ts')).reportOf(job.question);
  }
}

async function inject(job: Extract<WorkerJob, { call: unknown }>): Promise<unknown> {
  const injection = await loadInjection();
  switch (job.kind) {
    case 'inject-review':
      return injection.injectReview(job.body, job.call);
    case 'inject-offered':
      return injection.injectQuickReview(job.body, job.call);
    case 'inject-warm-up':
      return injection.warmUp(job.body, job.call);
    case 'inject-request':
      return injection.injectRequest(job.request, job.call);
  }
}

let loaded: Promise<typeof Injection> | undefined;

/** Once: to import what is loaded takes a tenth of an injection. */
function loadInjection(): Promise<typeof Injection> {
  return (loaded ??= import('../webhooks/inject/inject-apart.ts'));
}

function parseText({ buffer, byteOffset, byteLength }: Uint8Array): KubeObject {
  return JSON.parse(Buffer.from(buffer, byteOffset, byteLength).toString('utf8')) as KubeObject;
}

// Judges, injects and renders in a thread of its own (workers.ts starts it).
import type { KubeObject } from '../core/kube-object.ts';
import type * as Injection from '../webhooks/inject/inject-apart.ts';
import { serveJobs } from '../runtime/worker-port.ts';
import type { WorkerJob } from './workers.ts';

serveJobs((job) => carryOut(job as WorkerJob));

/** What a pool never does is never loaded: it would cost its workers memory. */
async function carryOut(job: WorkerJob): Promise<unknown> {
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
    case 'inject-review':
      return (await loadInjection()).injectReview(job.body, job.call);
    case 'inject-offered':
      return (await loadInjection()).injectQuickReview(job.body, job.call);
    case 'inject-warm-up':
      return (await loadInjection()).warmUp(job.body, job.call);
    case 'inject-request':
      return (await loadInjection()).injectRequest(job.request, job.call);
    case 'audit': {
      const { findErrors } = await import('../controllers/validation-auditor/slim-resource.ts');
      return findErrors(parseText(job.text), job.readers);
    }
    case 'analyze': {
      const { parseAnalyzedTexts } = await import('../controllers/analysis-reporter/fetch-objects.ts');
      const { analyzeCluster } = await import('../core/analyze/report/analyze-cluster.ts');
      return analyzeCluster(parseAnalyzedTexts(job.texts), job.view);
    }
  }
}

let injection: Promise<typeof Injection> | undefined;

/** Once: to import what is loaded takes a tenth of an injection. */
function loadInjection(): Promise<typeof Injection> {
  return (injection ??= import('../webhooks/inject/inject-apart.ts'));
}

function parseText({ buffer, byteOffset, byteLength }: Uint8Array): KubeObject {
  return JSON.parse(Buffer.from(buffer, byteOffset, byteLength).toString('utf8')) as KubeObject;
}

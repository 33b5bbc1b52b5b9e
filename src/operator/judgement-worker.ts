// Judges and renders in a thread of its own (workers.ts starts it).
import { serveJobs } from '../runtime/worker-port.ts';
import { judgeRequest, judgeReview } from '../webhooks/validate/judge-review.ts';
import type { WorkerJob } from './workers.ts';
import { renderResource } from './render-resource.ts';

serveJobs((job) => carryOut(job as WorkerJob));

function carryOut(job: WorkerJob): unknown {
  switch (job.kind) {
    case 'review':
      return judgeReview(job.body);
    case 'request':
      return judgeRequest(job.request);
    case 'render':
      return renderResource(job.resource, job.surroundings);
  }
}

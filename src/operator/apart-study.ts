import type { KubeObject } from '../core/kube-object.ts';
import type { ChangePair, ChangeStudy } from '../webhooks/validate/change-study.ts';
import type { StudyChange } from '../webhooks/validate/istio-operator-change.ts';
import type { ReviewApart } from '../webhooks/validate/istio-operator-handler.ts';
import type { OperatorReview } from '../webhooks/validate/operator-review.ts';
import { renderedPart, type RenderSurroundings } from './render-resource.ts';
import { studyHere } from './study-change.ts';
import { describeFault, isQuick, ownBytes, runFor, type Workers, type WorkerJob } from './workers.ts';

/** What renderings at admission depend on, as it is now. */
export type ReadSurroundings = () => Promise<RenderSurroundings>;

/** Studies here what is rendered quickly, and all else in a worker. */
export function createStudy(pool: Workers, surroundings: ReadSurroundings): StudyChange {
  return async (pair) => {
    const current = await surroundings();
    if (isQuick(pair.object) && (!pair.oldObject || isQuick(pair.oldObject))) return studyHere(pair, current);
    return studyApart(pool, pair, current);
  };
}

async function studyApart(pool: Workers, pair: ChangePair, surroundings: RenderSurroundings): Promise<ChangeStudy> {
  const sent = { object: renderedPart(pair.object), oldObject: pair.oldObject && renderedPart(pair.oldObject) };
  const job: WorkerJob = { kind: 'study', pair: sent, surroundings };
  try {
    return (await pool.run(job, { kind: job.kind })) as ChangeStudy;
  } catch (error) {
    const denial = `${displayed(pair.object)}: spec: ${describeFault(error)}`;
    return { ok: false, verdict: 'Invalid', denial, warnings: [] };
  }
}

function displayed({ kind, metadata }: KubeObject): string {
  return `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
}

/** Reads and studies reviews in a worker of the pool. */
export function createReviewApart(pool: Workers, surroundings: ReadSurroundings): ReviewApart {
  return async (body, caller) => {
    const bytes = ownBytes(body);
    const job: WorkerJob = { kind: 'operator-review', body: bytes, surroundings: await surroundings() };
    return (await runFor(caller, pool, job, bytes)) as OperatorReview;
  };
}

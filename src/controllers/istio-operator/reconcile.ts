import { formatProblem, type Problem } from '../../core/problem.ts';
import type { Summary } from '../../core/status/conditions.ts';
import { reconcileDeletion } from './deletion.ts';
import type { PassResult, Scope } from './dependencies.ts';
import { ensureFinalizer } from './finalizers.ts';
import { findNameProblem, findObstacle, findObstacleOf } from './find-obstacle.ts';
import { reconcileInstallation, WAITING_MS } from './installation.ts';
import { writeOverride } from './write-override.ts';

/** A missed event is made good after this long. */
export const RESYNC_MS = 10 * 60_000;

/** One pass: reads the world, computes what should be, acts on the difference. */
export async function reconcile(scope: Scope): Promise<PassResult> {
  if (scope.resource.metadata['deletionTimestamp']) return reconcileDeletion(scope);
  const obstacle = await findObstacle(scope);
  if (obstacle) return stopAt(scope, obstacle);
  // Also of one that cannot be rendered: what others leave to it as the last must not be forgotten.
  await ensureFinalizer(scope);
  const misnamed = findNameProblem(scope.owner);
  if (misnamed) return stopAt(scope, describeInvalid([misnamed]));
  const rendered = await scope.deps.render(scope.resource, scope.kubeVersion);
  if (!rendered.ok) return stopAt(scope, describeInvalid(rendered.problems));
  const refusal = await findObstacleOf(scope, rendered.value);
  return refusal ? stopAt(scope, refusal) : reconcileInstallation(scope, rendered.value);
}

function describeInvalid(problems: readonly Problem[]): Summary {
  const isOfInjection = problems.every(({ code }) => code === 'InjectionBroken');
  const reason = isOfInjection ? 'InjectionBroken' : 'InvalidResource';
  return { state: 'stalled', reason, message: problems.map(formatProblem).join('; ') };
}

/** Nothing was written, and what runs goes on; only a change of the resource can help. During a pause it is still told how that runs. */
async function stopAt(scope: Scope, override: Summary): Promise<PassResult> {
  await writeOverride(scope, override);
  const isUnready = scope.status.conditions?.some(({ type, status }) => type === 'Ready' && status !== 'True');
  const isWatched = override.state === 'restrained' && isUnready;
  return { reason: override.reason, requeueAfterMs: isWatched ? WAITING_MS : RESYNC_MS };
}

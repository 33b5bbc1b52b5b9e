import { PAUSE_ANNOTATION } from '../../api/install/conditions.ts';
import { formatRefusal, type Refusal } from '../../core/authorize/refusal.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { formatProblem, type Problem } from '../../core/problem.ts';
import type { Rendered } from '../../core/render/index.ts';
import { reconcileDeletion } from './deletion.ts';
import type { PassResult, Scope } from './dependencies.ts';
import { ensureFinalizer } from './finalizers.ts';
import { reconcileInstallation } from './installation.ts';
import { writeOverride } from './write-override.ts';

/** A missed event is made good after this long. */
export const RESYNC_MS = 10 * 60_000;
/** Label values hold no more, and owner labels carry the name. */
const MAX_NAME = 63;

/** One pass: reads the world, computes what should be, acts on the difference. */
export async function reconcile(scope: Scope): Promise<PassResult> {
  if (scope.resource.metadata['deletionTimestamp']) return reconcileDeletion(scope);
  if (isPaused(scope.resource)) return reconcilePaused(scope);
  const { policy } = scope.deps;
  const { namespace } = scope.owner;
  const outside = await policy.judgeNamespace(namespace);
  if (outside) return reconcileRefused(scope, outside);
  // Also of one that cannot be rendered: what others leave to it as the last must not be forgotten.
  await ensureFinalizer(scope);
  const rendered = await renderResource(scope);
  if (!rendered.ok) return reconcileInvalid(scope, rendered.problems);
  const refusal = await policy.judge(policy.demandsOf(namespace, rendered.value));
  if (refusal) return reconcileRefused(scope, refusal);
  return reconcileInstallation(scope, rendered.value);
}

function isPaused({ metadata }: KubeObject): boolean {
  return metadata.annotations?.[PAUSE_ANNOTATION] === 'true';
}

async function renderResource(
  scope: Scope,
): Promise<{ ok: true; value: Rendered } | { ok: false; problems: Problem[] }> {
  const { name } = scope.owner;
  if (name.length > MAX_NAME) {
    const message = `must have at most ${MAX_NAME} characters, because labels of the installed objects carry it`;
    return { ok: false, problems: [{ path: 'metadata.name', message }] };
  }
  return scope.deps.render(scope.resource, scope.kubeVersion);
}

async function reconcilePaused(scope: Scope): Promise<PassResult> {
  const message = `annotation ${PAUSE_ANNOTATION} is "true": nothing is written until it is removed`;
  await writeOverride(scope, { state: 'paused', reason: 'Paused', message });
  return { reason: 'Paused', requeueAfterMs: RESYNC_MS };
}

/** Nothing was written, and what runs goes on; only a change of the resource can help. */
async function reconcileInvalid(scope: Scope, problems: readonly Problem[]): Promise<PassResult> {
  const message = problems.map(formatProblem).join('; ');
  const isOfInjection = problems.every(({ code }) => code === 'InjectionBroken');
  const reason = isOfInjection ? 'InjectionBroken' : 'InvalidResource';
  await writeOverride(scope, { state: 'stalled', reason, message });
  return { reason, requeueAfterMs: RESYNC_MS };
}

/** As with an invalid resource: nothing was written. The webhook says the same, where it is asked. */
async function reconcileRefused(scope: Scope, refusal: Refusal): Promise<PassResult> {
  const { reason } = refusal;
  await writeOverride(scope, { state: 'stalled', reason, message: formatRefusal(refusal) });
  return { reason, requeueAfterMs: RESYNC_MS };
}

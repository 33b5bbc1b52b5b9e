import { IGNORE_ANNOTATION } from '../../api/install/conditions.ts';
import { MODE_ANNOTATION } from '../../api/our-names.ts';
import { shorten } from '../../api/field-path.ts';
import { formatRefusal, type Refusal } from '../../core/authorize/refusal.ts';
import type { Owner } from '../../core/plan/owner-labels.ts';
import type { Problem } from '../../core/problem.ts';
import type { Rendered } from '../../core/render/index.ts';
import type { Summary } from '../../core/status/conditions.ts';
import type { PlanScope } from './dependencies.ts';

/** Label values hold no more, and owner labels carry the name. */
const MAX_NAME = 63;

/** Whether objects cannot be told to be of this resource. */
export function findNameProblem({ name }: Owner): Problem | undefined {
  if (name.length <= MAX_NAME) return undefined;
  const message = `must have at most ${MAX_NAME} characters, because labels of the installed objects carry it`;
  return { path: 'metadata.name', code: 'NameInvalid', message };
}

/** Why nothing is done for a resource, whatever it renders; undefined when it is to be rendered. */
export async function findObstacle({ deps, resource, owner }: PlanScope): Promise<Summary | undefined> {
  if (resource.metadata.annotations?.[IGNORE_ANNOTATION] === 'true') {
    const message = `annotation ${IGNORE_ANNOTATION} is "true": nothing is written until it is removed`;
    return { state: 'restrained', reason: 'Paused', message };
  }
  const mode = resource.metadata.annotations?.[MODE_ANNOTATION];
  if (!isMode(mode)) {
    const message = `metadata.annotations["${MODE_ANNOTATION}"]: is ${JSON.stringify(shorten(mode, 60))}, and must be Plan or Apply; nothing is written until it is`;
    return { state: 'stalled', reason: 'InvalidResource', message };
  }
  return stalledBy(await deps.policy.judgeNamespace(owner.namespace));
}

/** Why this installation applies nothing of what a resource renders. The webhook says the same, where it is asked. */
export async function findObstacleOf(
  { deps: { policy }, owner }: PlanScope,
  rendered: Rendered,
): Promise<Summary | undefined> {
  return stalledBy(await policy.judge(policy.demandsOf(owner.namespace, rendered)));
}

function stalledBy(refusal: Refusal | undefined): Summary | undefined {
  return refusal && { state: 'stalled', reason: refusal.reason, message: formatRefusal(refusal) };
}

/** A word that is not known must not let a change through that was to wait. */
function isMode(mode: string | undefined): mode is 'Plan' | 'Apply' | undefined {
  return mode === undefined || mode === 'Plan' || mode === 'Apply';
}

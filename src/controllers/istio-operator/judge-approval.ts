import { APPROVE_ANNOTATION, MODE_ANNOTATION } from '../../api/our-names.ts';
import type { PlanStatus } from '../../api/install/istio-operator-status.ts';
import { canonicalJson } from '../../core/canonical-json.ts';
import { isRestored } from '../../core/plan/inventory.ts';
import type { Plan } from '../../core/plan/plan-objects.ts';
import type { Summary } from '../../core/status/conditions.ts';
import type { Scope } from './dependencies.ts';
import type { LivePass } from './plan-live-pass.ts';
import { fetchPlanText } from './plan-text.ts';
import { planConfigMapName, writePlanConfigMap } from './plan-config-map.ts';
import { writeStatus } from './write-status.ts';

/** Whether a pass may write what it has planned. */
export type Approval =
  /** It may; `plan` is what the status is to say of it, null for nothing any more. */
  { isPending: false; plan?: PlanStatus | null } | { isPending: true; override: Summary; plan: PlanStatus };

const HASH_LENGTH = 20;

/**
 * Of a resource that asks for plans: whether what is more than repairs was approved. What was approved goes on, pass by
 * pass, as long as the resource renders the same. The status says so before the first write. @throws ApiError
 */
export async function judgeApproval(scope: Scope, pass: LivePass): Promise<Approval> {
  const { resource, status, deps } = scope;
  const { [MODE_ANNOTATION]: mode, [APPROVE_ANNOTATION]: approved } = resource.metadata.annotations ?? {};
  const known = status.plan;
  if (mode !== 'Plan') return { isPending: false, ...(known ? { plan: null } : {}) };
  const changes = onlyChanges(pass.plan, scope);
  if (countChanges(changes) === 0) return { isPending: false, ...settle(known) };
  const desired = digestOf(scope, pass);
  if (known?.state === 'Applying' && known.desired === desired) return { isPending: false };
  const plan = await storePlan(scope, { ...pass, plan: changes }, desired);
  if (approved === plan.hash) {
    const applying: PlanStatus = { ...plan, state: 'Applying' };
    await writeStatus(scope, { ...status, plan: applying });
    deps.events.record(resource, { type: 'Normal', reason: 'PlanApproved', message: `${plan.hash}: ${plan.summary}` });
    return { isPending: false };
  }
  return {
    isPending: true,
    plan,
    override: { state: 'restrained', reason: 'ApprovalRequired', message: describe(scope, plan, approved) },
  };
}

/** What a plan has become when nothing is left to be done. */
function settle(known: PlanStatus | undefined): { plan?: PlanStatus | null } {
  if (known?.state === 'Applying') return { plan: { ...known, state: 'Applied' } };
  // What was to be changed is as it should be without us.
  return known?.state === 'Pending' ? { plan: null } : {};
}

/** The plan without repairs, which need no approval: they put back what was approved. */
function onlyChanges(plan: Plan, { status }: Scope): Plan {
  const restored = isRestored(status.inventory ?? []);
  return {
    ...plan,
    create: plan.create.filter((desired) => !restored(desired)),
    apply: plan.apply.filter(({ drift }) => drift === undefined),
  };
}

function countChanges({ create, apply, adopt, recreate, prune }: Plan): number {
  return create.length + apply.length + adopt.length + recreate.length + prune.length;
}

function digestOf({ deps }: Scope, { desired }: LivePass): string {
  return deps.digest(desired.map(({ key, hash }) => `${key} ${hash}`).join('\n')).slice(0, HASH_LENGTH);
}

/** Writes what a pass would do into the ConfigMap of the plan, and tells of it for the status. @throws ApiError */
export async function storePlan(
  scope: Scope,
  pass: LivePass,
  desired: string = digestOf(scope, pass),
): Promise<PlanStatus> {
  const { deps, uid, generation, owner } = scope;
  const { summary, text } = await fetchPlanText(scope, pass, desired);
  const hash = deps.digest(canonicalJson([uid, generation, desired, text])).slice(0, HASH_LENGTH);
  await writePlanConfigMap(scope, { hash, summary, text });
  return { hash, state: 'Pending', summary, configMap: planConfigMapName(owner), desired };
}

function describe({ owner }: Scope, { hash, summary, configMap }: PlanStatus, approved: string | undefined): string {
  const other =
    approved === undefined || approved === ''
      ? ''
      : ` (it says ${JSON.stringify(approved.slice(0, 64))}, which is not this plan, or no longer)`;
  return (
    `${summary}; the plan is in ConfigMap ${owner.namespace}/${configMap}, and is carried out with annotation ` +
    `${APPROVE_ANNOTATION}: ${hash}${other}`
  );
}

import { ADOPT_ANNOTATION, MODE_ANNOTATION } from '../../api/our-names.ts';
import type { PlanStatus } from '../../api/install/istio-operator-status.ts';
import { withConsent } from '../../core/plan/adoption.ts';
import type { Rendered } from '../../core/render/index.ts';
import type { Scope } from './dependencies.ts';
import { storePlan } from './judge-approval.ts';
import { planLivePass, type LivePass } from './plan-live-pass.ts';

/** Why a pass is held, and what the status is to say of a plan: null for nothing any more. */
interface HeldPlan {
  message: string;
  plan?: PlanStatus | null;
}

/**
 * Of a resource that meets objects of another installer: with the annotation `sailwright.dev/adopt: plan`, what would
 * become of them with consent, found out by dry runs and stored as a plan is. @throws ApiError
 */
export async function planAdoption(
  scope: Scope,
  rendered: Rendered,
  { reason, message }: NonNullable<LivePass['hold']>,
): Promise<HeldPlan> {
  const { resource, owner, status } = scope;
  const { [ADOPT_ANNOTATION]: adopt, [MODE_ANNOTATION]: mode } = resource.metadata.annotations ?? {};
  if (reason !== 'AdoptionRequired' || mode === 'Plan') return { message };
  if (adopt !== 'plan') return { message, ...(status.plan ? { plan: null } : {}) };
  const agreed = await planLivePass({ ...scope, resource: withConsent(resource) }, rendered);
  const plan = await storePlan(scope, agreed);
  const rest = agreed.hold ? `; with consent it would still be held: ${agreed.hold.message}` : '';
  return {
    plan,
    message: `${plan.summary}: the whole is in ConfigMap ${owner.namespace}/${plan.configMap}. In short, ${message}${rest}`,
  };
}

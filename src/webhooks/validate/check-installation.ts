import { formatRefusal, type Refusal } from '../../core/authorize/refusal.ts';
import type { InstallationPolicy } from '../../kube/installation-policy.ts';
import type { CheckAnswer, IstioOperatorCheck } from './istio-operator-change.ts';
import { denyUnanswered } from './unanswered.ts';

/**
 * Refuses what the controller would not apply, so that its author hears of it at once: a resource outside of the
 * namespaces for control planes before it is rendered, and settings that this installation does not permit.
 */
export function createInstallationChecks(policy: InstallationPolicy): {
  namespace: IstioOperatorCheck;
  settings: IstioOperatorCheck;
} {
  return {
    namespace: async ({ object, isUnaffecting }) =>
      object && !isUnaffecting ? answer(policy.judgeNamespace(object.metadata.namespace ?? '')) : {},
    settings: async ({ object, isUnaffecting, study }) => {
      if (!object || isUnaffecting) return {};
      const found = await study();
      return found.ok ? answer(policy.judge(found.demands)) : {};
    },
  };
}

async function answer(judgement: Promise<Refusal | undefined>): Promise<CheckAnswer> {
  try {
    const refusal = await judgement;
    if (!refusal) return {};
    return { denial: { verdict: refusal.reason, message: formatRefusal(refusal), code: 403, reason: 'Forbidden' } };
  } catch (error) {
    return denyUnanswered(error);
  }
}

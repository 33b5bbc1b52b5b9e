import type { AdmissionRequest, AdmissionResponse } from '../admission-review.ts';
import type { AdmissionContext, AdmissionHandler, AdmissionRoute } from '../server/admission-handler.ts';
import {
  parseChange,
  type DryRender,
  type IstioOperatorChange,
  type IstioOperatorCheck,
} from './istio-operator-change.ts';

/** What `/validate-istiooperator` judges with. */
export interface IstioOperatorRules {
  render: DryRender;
  /** In the order in which they run. */
  checks: readonly IstioOperatorCheck[];
}

/** `/validate-istiooperator`: refuses a write to an IstioOperator that one of the checks is against. */
export function createIstioOperatorRoute(rules: IstioOperatorRules): AdmissionRoute {
  return { path: '/validate-istiooperator', isPatient: true, handle: createIstioOperatorHandler(rules) };
}

/** Answers for one IstioOperator; what is no write to the resource itself passes. */
export function createIstioOperatorHandler({ render, checks }: IstioOperatorRules): AdmissionHandler {
  return (request: AdmissionRequest, context: AdmissionContext) => {
    if (request.operation === 'CONNECT' || (request.subResource ?? '') !== '') {
      return { allowed: true, verdict: 'NotAWrite' };
    }
    const change = parseChange(request, render);
    if (change) return judge(change, checks, context);
    const field = request.operation === 'DELETE' ? 'oldObject' : 'object';
    return { allowed: false, verdict: 'ObjectMissing', message: `request.${field}: the resource is missing` };
  };
}

async function judge(
  change: IstioOperatorChange,
  checks: readonly IstioOperatorCheck[],
  context: AdmissionContext,
): Promise<AdmissionResponse> {
  const warnings: string[] = [];
  for (const check of checks) {
    const answer = await check(change, context);
    warnings.push(...(answer.warnings ?? []));
    if (answer.denial) return { allowed: false, ...answer.denial, warnings };
  }
  return { allowed: true, verdict: change.isUnaffecting ? 'SpecUnchanged' : 'Valid', warnings };
}

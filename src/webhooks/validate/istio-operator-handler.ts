import { isJsonObject, type KubeObject } from '../../core/kube-object.ts';
import { formatProblem, type Problem, type Result } from '../../core/problem.ts';
import { adviseAvailability } from '../../core/render/availability-advice.ts';
import type { Rendered } from '../../core/render/index.ts';
import type { AdmissionRequest, AdmissionResponse } from '../admission-review.ts';
import type { AdmissionHandler, AdmissionRoute } from '../server/admission-handler.ts';
import { printDenial, printWarnings, type Printable } from './print-findings.ts';

/** What a reconciliation would render; applies nothing. */
export type DryRender = (resource: KubeObject) => Result<Rendered>;

/** `/validate-istiooperator`: refuses an IstioOperator that could not be reconciled. */
export function createIstioOperatorRoute(render: DryRender): AdmissionRoute {
  return { path: '/validate-istiooperator', handle: createIstioOperatorHandler(render) };
}

/**
 * Answers for one IstioOperator. An update that leaves the spec as it is passes, whatever became of the rules; so does
 * one on the way to deletion.
 */
export function createIstioOperatorHandler(render: DryRender): AdmissionHandler {
  return ({ operation, object, oldObject, subResource = '' }: AdmissionRequest): AdmissionResponse => {
    if ((operation !== 'CREATE' && operation !== 'UPDATE') || subResource !== '') {
      return { allowed: true, verdict: 'NotAWrite' };
    }
    if (!isJsonObject(object) || !isJsonObject(object.metadata)) {
      return { allowed: false, verdict: 'ObjectMissing', message: 'request.object: the resource is missing' };
    }
    const isDeleted = typeof object.metadata.deletionTimestamp === 'string';
    if (isDeleted || (oldObject && JSON.stringify(oldObject.spec) === JSON.stringify(object.spec))) {
      return { allowed: true, verdict: 'SpecUnchanged' };
    }
    const result = render(object as unknown as KubeObject);
    const advice = result.ok ? adviseAvailability(result.value) : [];
    const warnings = printWarnings([...result.warnings, ...advice].map(printable));
    if (result.ok) return { allowed: true, verdict: 'Valid', warnings };
    const message = printDenial(object, result.problems.map(printable));
    return { allowed: false, verdict: 'Invalid', message, warnings };
  };
}

function printable(problem: Problem): Printable {
  return { path: '', message: formatProblem(problem) };
}

import { formatProblem, type Problem } from '../../core/problem.ts';
import { adviseAvailability } from '../../core/render/availability-advice.ts';
import type { JsonObject } from '../../core/kube-object.ts';
import type { CheckAnswer, IstioOperatorChange } from './istio-operator-change.ts';
import { printDenial, printWarnings, type Printable } from './print-findings.ts';

/**
 * Refuses what could not be reconciled. An update that leaves the spec as it is passes, whatever became of the rules;
 * so does one on the way to deletion.
 */
export async function checkRendering(change: IstioOperatorChange): Promise<CheckAnswer> {
  const { object, isUnaffecting } = change;
  if (!object || isUnaffecting) return {};
  const result = await change.render();
  const advice = result.ok ? adviseAvailability(result.value) : [];
  const warnings = printWarnings([...result.warnings, ...advice].map(printable));
  if (result.ok) return { warnings };
  const message = printDenial(object as unknown as JsonObject, result.problems.map(printable));
  return { denial: { verdict: 'Invalid', message }, warnings };
}

function printable(problem: Problem): Printable {
  return { path: '', message: formatProblem(problem) };
}

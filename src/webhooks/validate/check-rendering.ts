import type { CheckAnswer, IstioOperatorChange } from './istio-operator-change.ts';

/**
 * Refuses what could not be reconciled. An update that leaves the spec as it is passes, whatever became of the rules;
 * so does one on the way to deletion.
 */
export async function checkRendering({ object, isUnaffecting, study }: IstioOperatorChange): Promise<CheckAnswer> {
  if (!object || isUnaffecting) return {};
  const found = await study();
  const { warnings } = found;
  return found.ok ? { warnings } : { denial: { verdict: found.verdict, message: found.denial }, warnings };
}

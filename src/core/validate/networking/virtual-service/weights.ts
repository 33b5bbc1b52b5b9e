import type { Destination } from '../../../../api/networking/destination.ts';
import type { Findings } from '../../findings.ts';

/** A destination that gets a share of the requests. */
export interface Weighted {
  weight?: number | undefined;
  destination?: Destination | undefined;
}

/** Records shares that are negative, or that leave nothing for anybody. */
export function checkWeights(route: readonly Weighted[], path: string, findings: Findings): void {
  let total = 0;
  route.forEach(({ weight = 0 }, i) => {
    if (weight < 0) findings.error(`${path}[${i}].weight`, 'WeightNegative', `${weight} must not be negative`);
    // Istio adds up in 32 bits.
    total = (total + weight) | 0;
  });
  if (route.length > 1 && total === 0) {
    findings.error(path, 'WeightsMissing', 'has several destinations whose weights add up to 0: give each its share');
  }
}

/** Tells what share each destination gets when weights do not add up to 100. */
export function adviseWeights(route: readonly Weighted[] | undefined, path: string, advice: Findings): void {
  if (!route || route.length < 2) return;
  const weights = route.map(({ weight = 0 }) => weight);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 100 || total <= 0 || weights.some((weight) => weight < 0)) return;
  const shares = weights.map((weight) => `${Math.round((weight / total) * 1000) / 10}%`).join(', ');
  advice.warn(path, 'WeightsNotHundred', `weights add up to ${total}, not 100: the shares are ${shares}`);
}

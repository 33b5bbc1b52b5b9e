import type { StagedRow } from './mesh-report.ts';

/** `shop/reviews` */
export function changeName({ namespace, name }: Pick<StagedRow, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}

/** `canary (1 of 2)`: where a change stands; empty where no operator has looked yet. */
export function stepText({ stepName, step, steps }: Pick<StagedRow, 'stepName' | 'step' | 'steps'>): string {
  return stepName === '' ? '' : `${stepName} (${Math.min(step + 1, steps)} of ${steps})`;
}

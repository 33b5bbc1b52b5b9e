import type { IstioOperator, IstioOperatorStatusCondition } from '../src/fluent/index.ts';

export type Condition = IstioOperatorStatusCondition;

/** The condition of that type, if the object has it. */
export function conditionOf(object: IstioOperator | undefined, type: string): Condition | undefined {
  return object?.status?.conditions?.find((condition) => condition.type === type);
}

/** Whether a condition is true for the generation that the object has now. */
export function isConditionTrue(object: IstioOperator | undefined, type: string): boolean {
  const condition = conditionOf(object, type);
  const generation = object?.metadata?.generation ?? 0;
  const seen = condition?.observedGeneration ?? object?.status?.observedGeneration ?? 0;
  return condition?.status === 'True' && seen >= generation;
}

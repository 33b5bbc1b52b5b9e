import { GenericKind, RegisterKind } from 'kubernetes-fluent-client';

/** One status condition, as Kubernetes writes it. */
export interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  observedGeneration?: number;
}

/** The IstioOperator for the fluent client: `K8s(IstioOperator)`. Read from outside, so nothing of src/api is used. */
export class IstioOperator extends GenericKind {
  declare spec?: Record<string, unknown>;
  declare status?: {
    status?: string;
    componentStatus?: Record<string, { status?: string; error?: string } | undefined>;
    conditions?: Condition[];
    observedGeneration?: number;
    istioVersion?: string;
  };
}

RegisterKind(IstioOperator, {
  group: 'install.istio.io',
  version: 'v1alpha1',
  kind: 'IstioOperator',
  plural: 'istiooperators',
});

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

import { isJsonObject } from '../kube-object.ts';

/** A condition in the status of an object of Kubernetes' own. */
export interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
}

/** The condition of this type in an object's status; the API server sees to its shape. */
export function conditionOf(object: object, type: string): Condition | undefined {
  const { status } = object as { status?: { conditions?: unknown } | null };
  const conditions = Array.isArray(status?.conditions) ? status.conditions : [];
  return (conditions.filter(isJsonObject) as unknown as Condition[]).find((condition) => condition.type === type);
}

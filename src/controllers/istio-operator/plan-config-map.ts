import { ISTIO_OPERATOR } from '../../api/install/istio-operator-kind.ts';
import { FIELD_MANAGER } from '../../api/our-names.ts';
import type { PlanText } from '../../core/diff/plan-text.ts';
import { refOf, type KubeObject } from '../../core/kube-object.ts';
import { isSame } from '../../core/plan/desired.ts';
import type { Owner } from '../../core/plan/owner-labels.ts';
import type { Scope } from './dependencies.ts';

/** The ConfigMap beside a resource that holds its plan. */
export function planConfigMapName({ name }: Owner): string {
  return `sailwright-plan-${name}`;
}

/**
 * Writes the plan where people can read it, unless it is there. It is no part of the installation: it carries none of its
 * labels, and goes with the resource. @throws ApiError, also where somebody else has a ConfigMap of that name
 */
export async function writePlanConfigMap(scope: Scope, plan: PlanText & { hash: string }): Promise<void> {
  const { api } = scope.deps;
  const object = toConfigMap(scope, plan);
  const live = await api.get(refOf(object));
  if (live && isSame(live['data'], object['data'])) return;
  await api.apply(object, { fieldManager: FIELD_MANAGER, force: live !== undefined && isPlanOf(live, scope) });
}

function toConfigMap({ owner, uid }: Scope, { hash, summary, text }: PlanText & { hash: string }): KubeObject {
  const { apiVersion, kind } = ISTIO_OPERATOR;
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: planConfigMapName(owner),
      namespace: owner.namespace,
      labels: { 'app.kubernetes.io/managed-by': FIELD_MANAGER },
      ownerReferences: [{ apiVersion, kind, name: owner.name, uid }],
    },
    data: { hash, summary, 'plan.diff': text },
  };
}

/** Whether we made it for this resource: then what others write into it is put back. */
function isPlanOf({ metadata }: KubeObject, { uid }: Scope): boolean {
  const references = metadata['ownerReferences'];
  return Array.isArray(references) && references.some((reference: { uid?: unknown }) => reference.uid === uid);
}

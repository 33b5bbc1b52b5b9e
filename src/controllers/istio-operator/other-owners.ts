import { ISTIO_OPERATOR } from '../../api/install/istio-operator.ts';
import type { IstioOperatorStatus } from '../../api/install/istio-operator-status.ts';
import { objectKey, refOf, type KubeObject } from '../../core/kube-object.ts';
import { entryKey } from '../../core/plan/inventory.ts';
import type { OtherOwner } from '../../core/plan/plan-objects.ts';
import { ownerKey } from '../../core/plan/owner-labels.ts';
import type { Dependencies, Scope } from './dependencies.ts';

/** What it takes to know the other IstioOperators. */
export interface OtherOwnersScope extends Pick<Scope, 'memory' | 'resource' | 'uid' | 'kubeVersion'> {
  deps: Pick<Dependencies, 'api' | 'render'>;
}

/** The other IstioOperators that are not being deleted, with what they render. */
export async function fetchOtherOwners(scope: OtherOwnersScope): Promise<OtherOwner[]> {
  const { apiVersion, kind } = ISTIO_OPERATOR;
  const { items } = await scope.deps.api.list({ apiVersion, kind });
  return items
    .filter(({ metadata }) => metadata['uid'] !== scope.uid && !metadata['deletionTimestamp'])
    .map((other) => {
      const owner = { name: other.metadata.name, namespace: other.metadata.namespace ?? '' };
      return { owner, older: isOlder(other, scope), claims: computeClaims(other, scope) };
    });
}

/** Age decides; of two made in the same second, the name. */
function isOlder(other: KubeObject, scope: OtherOwnersScope): boolean {
  const age = (object: KubeObject): string => {
    const made = object.metadata['creationTimestamp'];
    const owner = { name: object.metadata.name, namespace: object.metadata.namespace ?? '' };
    return `${typeof made === 'string' ? made : ''} ${ownerKey(owner)}`;
  };
  return age(other) < age(scope.resource);
}

function computeClaims(other: KubeObject, scope: OtherOwnersScope): ReadonlySet<string> {
  const uid = String(other.metadata['uid']);
  const generation = Number(other.metadata['generation']);
  const known = scope.memory.claims.get(uid);
  if (known?.generation === generation) return known.keys;
  const rendered = scope.deps.render(other, scope.kubeVersion);
  // While it cannot be rendered, what it has stays its own.
  const keys = rendered.ok
    ? new Set(rendered.value.components.flatMap(({ objects }) => objects.map((object) => objectKey(refOf(object)))))
    : new Set(((other['status'] ?? {}) as IstioOperatorStatus).inventory?.map(entryKey));
  if (rendered.ok) scope.memory.claims.set(uid, { generation, keys });
  return keys;
}

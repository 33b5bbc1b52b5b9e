import type { IstioOperatorStatus } from '../../api/install/istio-operator-status.ts';
import { TAG_LABEL } from '../../api/istio-names.ts';
import { objectKey, refOf, type KubeObject } from '../../core/kube-object.ts';
import { planPrune } from '../../core/plan/plan-prune.ts';
import type { OtherOwner } from '../../core/plan/plan-input.ts';
import { INJECTOR_KIND } from '../../core/webhook-configuration.ts';
import type { InstallationPolicy } from '../../kube/installation-policy.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import { createMemory, type Dependencies } from './dependencies.ts';
import { isHeld } from './finalizers.ts';
import { inventoryOf } from './inventory-of.ts';
import { fetchOwned } from './live-objects.ts';
import { fetchOtherOwners } from './other-owners.ts';
import { fetchRevisionUsers, isForced } from './revision-users.ts';

/** What it takes to know what a deletion or a change of an IstioOperator would take away from whom. */
export interface RemovalSource {
  api: KubeApi;
  render: Dependencies['render'];
  policy: InstallationPolicy;
}

/** A write that may take something away. */
export interface PlannedRemoval {
  /** As it is stored. */
  resource: KubeObject;
  /** As it would be stored; undefined for a deletion. */
  next: KubeObject | undefined;
  /** What `next` renders; nothing for a deletion. */
  desired: readonly KubeObject[];
}

/** Who uses what a write takes away. */
export interface RemovalUsers {
  /** In a sentence; empty for nobody. */
  text: string;
  /** Nothing but tags goes, and the operator keeps those until nobody uses them or another IstioOperator has them. */
  isKept: boolean;
}

/** The kinds whose removal can leave users behind, and those whose pods go with them. */
const KINDS = [INJECTOR_KIND, ...['Deployment', 'DaemonSet'].map((kind) => ({ apiVersion: 'apps/v1', kind }))];

/**
 * Who would be left without what a pass after the write removes, in a sentence; empty for nobody. The rules are those of
 * the pass itself: where it looks, what it may remove, what others keep, who forces it.
 * @throws Error when the cluster could not be asked
 */
export async function fetchUsersOfRemoval(source: RemovalSource, removal: PlannedRemoval): Promise<RemovalUsers> {
  const { api } = source;
  const { resource, next, desired } = removal;
  if (isForced(next ?? resource) || (!next && !isHeld(resource))) return NOBODY;
  const kubeVersion = await api.serverVersion();
  const owner = { name: resource.metadata.name, namespace: resource.metadata.namespace ?? '' };
  const status = (resource['status'] ?? {}) as IstioOperatorStatus;
  const refs = [...desired.map(refOf), ...(await inventoryOf({ deps: source, resource, status, kubeVersion }))];
  const { owned, failures } = await fetchOwned(api, { owner, kinds: KINDS, refs });
  if (failures.length > 0) throw new Error(failures.join('; '));
  const wanted = desired.map((object) => ({ key: objectKey(refOf(object)) }));
  const fetchUsers = async (others: readonly OtherOwner[]): Promise<RemovalUsers> => {
    const entries = planPrune({ desired: wanted, owned, owner, others, isLeaving: !next });
    const gone = entries.map(({ object }) => object);
    return { text: await fetchRevisionUsers(api, gone), isKept: next !== undefined && gone.every(isTag) };
  };
  // What another IstioOperator takes over is rendered only where it can make a difference.
  const users = await fetchUsers([]);
  return users.text === '' ? NOBODY : fetchUsers(await fetchOthers(source, resource, kubeVersion));
}

const NOBODY: RemovalUsers = { text: '', isKept: false };

function isTag({ metadata }: KubeObject): boolean {
  return metadata.labels?.[TAG_LABEL] !== undefined;
}

function fetchOthers(deps: RemovalSource, resource: KubeObject, kubeVersion: string): Promise<OtherOwner[]> {
  const uid = String(resource.metadata['uid']);
  const memory = createMemory(() => 0);
  return fetchOtherOwners({ deps, memory, resource, uid, kubeVersion });
}

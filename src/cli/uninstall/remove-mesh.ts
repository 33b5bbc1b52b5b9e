import { setTimeout as pause } from 'node:timers/promises';
import { ISTIO_OPERATOR } from '../../api/install/istio-operator-kind.ts';
import type { InventoryEntry, IstioOperatorStatus } from '../../api/install/istio-operator-status.ts';
import { CLI_MANAGER, FORCE_DELETE_ANNOTATION } from '../../api/our-names.ts';
import { fetchRevisionUsers } from '../../controllers/istio-operator/revision-users.ts';
import { displayName, type KubeObject, type ObjectRef } from '../../core/kube-object.ts';
import { ownerKey, type Owner } from '../../core/plan/owner-labels.ts';
import { NEVER_PRUNED } from '../../core/plan/plan-prune.ts';
import { plural } from '../../core/plural.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import { mapConcurrently } from '../../runtime/map-concurrently.ts';
import type { Patience } from '../shell/await-resource.ts';
import { wrapText } from '../shell/wrap-text.ts';

const INTERVAL_MS = 500;
const CONCURRENCY = 4;
/** What can leave users behind. */
const USED_KINDS: ReadonlySet<string> = new Set(['Deployment', 'MutatingWebhookConfiguration']);

/** What goes with an IstioOperator. */
export interface Removal {
  owner: Owner;
  uid: string | undefined;
  /** In the order in which the operator made them; it removes them the other way round. */
  objects: readonly ObjectRef[];
  /** Definitions and namespaces, which stay. */
  kept: readonly ObjectRef[];
  /** Who would be left without injection or a control plane, in a sentence; empty for nobody. */
  users: string;
}

/** Finds out what would go with an IstioOperator, and who still uses it. @throws ApiError */
export async function planRemoval(api: KubeApi, resource: KubeObject): Promise<Removal> {
  const { inventory = [] } = (resource['status'] ?? {}) as IstioOperatorStatus;
  const objects = inventory.map(refIn);
  const used = objects.filter(({ kind }) => USED_KINDS.has(kind));
  const live = await mapConcurrently(used, CONCURRENCY, (ref) => api.get(ref));
  const { name, namespace = '', uid } = resource.metadata;
  return {
    owner: { name, namespace },
    uid: typeof uid === 'string' ? uid : undefined,
    objects: objects.filter(({ kind }) => !NEVER_PRUNED.has(kind)),
    kept: objects.filter(({ kind }) => NEVER_PRUNED.has(kind)),
    users: await fetchRevisionUsers(
      api,
      live.filter((object) => object !== undefined),
    ),
  };
}

function refIn({ apiVersion, kind, name, namespace }: InventoryEntry): ObjectRef {
  return { apiVersion, kind, name, ...(namespace ? { namespace } : {}) };
}

/** A removal for people, in lines of so many characters. */
export function removalText({ owner, objects, kept, users }: Removal, columns: number): string {
  const kinds = [...new Set(kept.map(({ kind }) => kind))];
  return [
    `IstioOperator ${ownerKey(owner)}:`,
    ...objects.toReversed().map((ref) => `  remove  ${displayName(ref)}`),
    `  remove  IstioOperator ${ownerKey(owner)}`,
    ...kinds.map((kind) => `  keep    ${plural(kept.filter((ref) => ref.kind === kind).length, kind)}`),
    ...(users === '' ? [] : [wrapText(`  ${users}`, columns, '  ')]),
    '',
  ].join('\n');
}

/**
 * Deletes an IstioOperator and waits until the operator has removed what it installed. Ended early, the operator goes on.
 * @returns why it is not gone; undefined when it is
 * @throws ApiError
 */
export async function removeMesh(
  api: KubeApi,
  { owner, uid, users }: Removal,
  { timeoutMs, onProgress }: Patience,
): Promise<string | undefined> {
  const ref = { ...ISTIO_OPERATOR, ...owner };
  if (users !== '') {
    const annotations = { [FORCE_DELETE_ANNOTATION]: 'true' };
    await api.patch(ref, { metadata: { annotations } }, { type: 'merge', fieldManager: CLI_MANAGER });
  }
  await api.delete(ref, uid === undefined ? {} : { uid });
  const end = performance.now() + timeoutMs;
  for (let told = ''; ;) {
    const resource = await api.get(ref);
    if (!resource || resource.metadata['uid'] !== uid) return undefined;
    const message = messageOf(resource);
    if (message !== told) onProgress(message);
    told = message;
    if (performance.now() >= end) {
      return `IstioOperator ${ownerKey(owner)} is still there: ${message}. It goes when the operator has removed the rest; without an operator that runs, it stays`;
    }
    await pause(INTERVAL_MS);
  }
}

/** What the operator says of the removal. */
function messageOf({ status }: KubeObject): string {
  const { conditions = [] } = (status ?? {}) as IstioOperatorStatus;
  const stalled = conditions.find((condition) => condition.type === 'Stalled' && condition.status === 'True');
  return (
    (stalled ?? conditions.find(({ type }) => type === 'Ready'))?.message ?? 'the operator has not looked at it yet'
  );
}

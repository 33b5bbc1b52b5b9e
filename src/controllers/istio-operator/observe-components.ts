import type { InventoryEntry } from '../../api/install/istio-operator-status.ts';
import { displayName, isJsonObject, objectKey, type KubeObject, type ObjectRef } from '../../core/kube-object.ts';
import { entryRef } from '../../core/plan/inventory.ts';
import { COMPONENTS, type ComponentName } from '../../core/render/chart.ts';
import type { ComponentObservation } from '../../core/status/component-status.ts';
import {
  computeWorkloadHealth,
  findPodFailure,
  isWorkload,
  type WorkloadHealth,
} from '../../core/status/workload-health.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import { messageOf } from './dependencies.ts';

/** One object whose component is known. */
interface Member {
  ref: ObjectRef;
  component: string;
}

/** What was found out about a component beside its workloads. */
export type ComponentNotes = Pick<ComponentObservation, 'errors' | 'unread' | 'blocked' | 'waitingFor' | 'version'>;

export interface ObserveInput {
  members: readonly Member[];
  live: ReadonlyMap<string, KubeObject>;
  unread: ReadonlySet<string>;
  notes: (component: ComponentName) => ComponentNotes;
}

/** Judges every component that has objects by its live workloads. */
export async function fetchObservations(api: KubeApi, input: ObserveInput): Promise<ComponentObservation[]> {
  const observations: ComponentObservation[] = [];
  for (const component of COMPONENTS) {
    const members = input.members.filter((member) => member.component === component);
    if (members.length === 0) continue;
    const workloads = await Promise.all(
      members.filter(({ ref }) => isWorkload(ref)).map(({ ref }) => fetchHealth(api, ref, input)),
    );
    observations.push({ component, workloads, ...input.notes(component) });
  }
  return observations;
}

async function fetchHealth(api: KubeApi, ref: ObjectRef, input: ObserveInput): Promise<WorkloadHealth> {
  const key = objectKey(ref);
  if (input.unread.has(key)) return { state: 'unknown', message: `${displayName(ref)} could not be read` };
  const live = input.live.get(key);
  if (!live) return { state: 'missing', message: `${displayName(ref)} does not exist yet` };
  const health = computeWorkloadHealth(live);
  return health.state === 'ready' ? health : withPodFailure(api, live, health);
}

/** A workload does not say why its pods fail; the pods do. They are read only while it is not ready. */
async function withPodFailure(api: KubeApi, live: KubeObject, health: WorkloadHealth): Promise<WorkloadHealth> {
  const selector = selectorOf(live);
  const { namespace } = live.metadata;
  if (!selector || !namespace) return health;
  try {
    const { items } = await api.list({ apiVersion: 'v1', kind: 'Pod' }, { namespace, labelSelector: selector });
    const failure = items
      .filter(({ metadata }) => !metadata['deletionTimestamp'])
      .map(findPodFailure)
      .find((text) => text !== undefined);
    return failure === undefined ? health : { state: 'failed', message: `${health.message}: ${failure}` };
  } catch (error) {
    return { ...health, message: `${health.message} (its pods could not be read: ${messageOf(error)})` };
  }
}

function selectorOf(live: KubeObject): string | undefined {
  const spec = isJsonObject(live['spec']) ? live['spec'] : {};
  const selector = isJsonObject(spec['selector']) ? spec['selector'] : {};
  const labels = isJsonObject(selector['matchLabels']) ? selector['matchLabels'] : {};
  const terms = Object.entries(labels).flatMap(([key, value]) =>
    typeof value === 'string' ? [`${key}=${value}`] : [],
  );
  return terms.length > 0 ? terms.join(',') : undefined;
}

/** Judges what the inventory lists, for a resource that is paused or cannot be rendered: what runs is still told. */
export async function fetchInventoryObservations(
  api: KubeApi,
  inventory: readonly InventoryEntry[],
): Promise<ComponentObservation[]> {
  const members = inventory.map((entry) => ({ ref: entryRef(entry), component: entry.component }));
  const live = new Map<string, KubeObject>();
  const unread = new Set<string>();
  for (const { ref } of members.filter((member) => isWorkload(member.ref))) {
    try {
      const object = await api.get(ref);
      if (object) live.set(objectKey(ref), object);
    } catch {
      // Told as "could not be read" in the status.
      unread.add(objectKey(ref));
    }
  }
  return fetchObservations(api, { members, live, unread, notes: () => ({ errors: [], blocked: [] }) });
}

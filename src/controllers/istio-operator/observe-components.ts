import type { InventoryEntry } from '../../api/install/istio-operator-status.ts';
import { displayName, objectKey, type KubeObject, type ObjectRef } from '../../core/kube-object.ts';
import { AUTOSCALER_KIND, computeAutoscaled, type Autoscaled } from '../../core/plan/ceded-fields.ts';
import { entryRef } from '../../core/plan/inventory.ts';
import { COMPONENTS, type ComponentName } from '../../core/components.ts';
import type { ComponentObservation } from '../../core/status/component-status.ts';
import { computeAwaitedScale, computeGrownHealth, computeScaledHealth } from '../../core/status/scaling.ts';
import { isWorkload, type WorkloadHealth } from '../../core/status/workload-health.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import type { PodTroubles } from './pod-troubles.ts';

/** One object whose component is known. */
interface Member {
  ref: ObjectRef;
  component: string;
}

/** What was found out about a component beside its workloads. */
export type ComponentNotes = Pick<
  ComponentObservation,
  'errors' | 'unread' | 'blocked' | 'contested' | 'uninjected' | 'waitingFor' | 'kept' | 'version'
>;

export interface ObserveInput {
  api: Pick<KubeApi, 'get' | 'list'>;
  pods: PodTroubles;
  nowMs: number;
  members: readonly Member[];
  live: ReadonlyMap<string, KubeObject>;
  unread: ReadonlySet<string>;
  notes: (component: ComponentName) => ComponentNotes;
}

/** What autoscalers decide, and what of it they have yet to do. */
interface Scales {
  autoscaled: Autoscaled;
  awaited: Autoscaled;
}

/** Judges every component that has objects by its live workloads. */
export async function fetchObservations(input: ObserveInput): Promise<ComponentObservation[]> {
  const observations: ComponentObservation[] = [];
  const scales: Scales = {
    autoscaled: computeAutoscaled(input.live.values()),
    awaited: computeAwaitedScale(input.live.values(), input.nowMs),
  };
  for (const component of COMPONENTS) {
    const members = input.members.filter((member) => member.component === component);
    if (members.length === 0) continue;
    const workloads = await Promise.all(
      members.filter(({ ref }) => isWorkload(ref)).map(({ ref }) => fetchHealth(ref, input, scales)),
    );
    observations.push({ component, workloads, ...input.notes(component) });
  }
  return observations;
}

async function fetchHealth(
  ref: ObjectRef,
  input: ObserveInput,
  { autoscaled, awaited }: Scales,
): Promise<WorkloadHealth> {
  const key = objectKey(ref);
  if (input.unread.has(key)) return { state: 'unknown', message: `${displayName(ref)} could not be read` };
  const live = input.live.get(key);
  if (!live) return { state: 'missing', message: `${displayName(ref)} does not exist yet` };
  const health = computeScaledHealth(live, autoscaled);
  return health.state === 'ready' ? computeGrownHealth(live, awaited) : withPodTrouble(live, health, input);
}

async function withPodTrouble(live: KubeObject, health: WorkloadHealth, input: ObserveInput): Promise<WorkloadHealth> {
  const { verdict, unread } = await input.pods.fetch(input.api, live);
  if (unread !== undefined) {
    return { ...health, message: `${health.message} (its pods could not be read: ${unread})` };
  }
  if (!verdict || (health.state === 'scaling' && verdict.reason === 'Unschedulable')) return health;
  return { state: verdict.isFailure ? 'failed' : health.state, message: `${health.message}: ${verdict.text}` };
}

/** Judges what the inventory lists, for a resource that is paused or cannot be rendered: what runs is still told. */
export async function fetchInventoryObservations(
  { api, pods, nowMs }: Pick<ObserveInput, 'api' | 'pods' | 'nowMs'>,
  inventory: readonly InventoryEntry[],
): Promise<ComponentObservation[]> {
  const members = inventory.map((entry) => ({ ref: entryRef(entry), component: entry.component }));
  const live = new Map<string, KubeObject>();
  const unread = new Set<string>();
  for (const { ref } of members.filter((member) => isWorkload(member.ref) || member.ref.kind === AUTOSCALER_KIND)) {
    try {
      const object = await api.get(ref);
      if (object) live.set(objectKey(ref), object);
    } catch {
      // Told as "could not be read" in the status.
      unread.add(objectKey(ref));
    }
  }
  return fetchObservations({ api, pods, nowMs, members, live, unread, notes: () => ({ errors: [], blocked: [] }) });
}

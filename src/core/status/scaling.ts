import { displayName, isJsonObject, refOf, type KubeObject } from '../kube-object.ts';
import { AUTOSCALER_KIND, computeAutoscaled, scaleKey, type Autoscaled } from '../plan/ceded-fields.ts';
import { managedFieldsOf } from '../plan/field-ownership.ts';
import { conditionOf } from './live-condition.ts';
import { computeWorkloadHealth, type WorkloadHealth } from './workload-health.ts';

/**
 * Judges a live workload as {@link computeWorkloadHealth} does, but where an autoscaler decides how many pods there are,
 * those that it asks for beyond its minimum are not waited for: the mesh is as its owner wants it meanwhile.
 */
export function computeScaledHealth(live: KubeObject, autoscaled: Autoscaled): WorkloadHealth {
  const health = computeWorkloadHealth(live);
  const least = autoscaled.get(scaleKey(live.kind, live.metadata.namespace, live.metadata.name));
  if (health.state !== 'progressing' || least === undefined || !isScaling(live, least)) return health;
  return { state: 'scaling', message: health.message };
}

/** How long an autoscaler that has told nothing yet is waited for: its controller looks every 15 s, and may not run. */
const FIRST_LOOK_MS = 60_000;

/** What the autoscalers among the objects that can be expected to act scale: no metrics are needed for the minimum. */
export function computeAwaitedScale(objects: Iterable<KubeObject>, nowMs: number): Autoscaled {
  return computeAutoscaled([...objects].filter((object) => object.kind === AUTOSCALER_KIND && isActing(object, nowMs)));
}

function isActing(autoscaler: KubeObject, nowMs: number): boolean {
  const { deletionTimestamp, creationTimestamp } = autoscaler.metadata;
  if (deletionTimestamp) return false;
  const able = conditionOf(autoscaler, 'AbleToScale');
  return able ? able.status === 'True' : Math.abs(nowMs - Date.parse(String(creationTimestamp))) < FIRST_LOOK_MS;
}

/** Judges a workload that is ready with regard to the least pods that its autoscaler has yet to ask for. */
export function computeGrownHealth(live: KubeObject, awaited: Autoscaled): WorkloadHealth {
  const least = awaited.get(scaleKey(live.kind, live.metadata.namespace, live.metadata.name)) ?? 0;
  const replicas = isJsonObject(live['spec']) ? live['spec']['replicas'] : undefined;
  // None at all is the way to switch an autoscaler off.
  if (typeof replicas !== 'number' || replicas === 0 || replicas >= least) return { state: 'ready', message: '' };
  const what = `waiting for its ${AUTOSCALER_KIND} to ask for its minReplicas, ${least} instead of ${replicas}`;
  return { state: 'growing', message: `${displayName(refOf(live))}: ${what}` };
}

/** Whether a workload serves as its owner asks, or will with more pods of the same kind. */
export function isServing({ state }: WorkloadHealth): boolean {
  return state === 'ready' || state === 'scaling' || state === 'growing';
}

/** Whether all pods are of the wanted version, the least are there, and nothing but their number is on its way. */
function isScaling(live: KubeObject, least: number): boolean {
  const status = isJsonObject(live['status']) ? live['status'] : {};
  const [all, updated, available] = [status['replicas'], status['updatedReplicas'], status['availableReplicas']];
  if (typeof available !== 'number' || available < Math.max(least, 1)) return false;
  return all === updated && isSeenButForScale(live, Number(status['observedGeneration'] ?? 0));
}

/** Whether the controller has seen all of the spec, or all but a last change of the number of pods. */
function isSeenButForScale(live: KubeObject, observed: number): boolean {
  const unseen = Number(live.metadata['generation'] ?? 0) - observed;
  return unseen <= 0 || (unseen === 1 && isWrittenBeforeStatus(live));
}

/**
 * Whether the object itself was written before its status was: what came since is of its subresource for scaling, whose
 * time the API server does not keep. Times have seconds: within the same one nobody can say which came first.
 */
function isWrittenBeforeStatus(live: KubeObject): boolean {
  const timesOf = (of: string | undefined): string[] =>
    managedFieldsOf(live)
      .filter(({ subresource }) => (subresource || undefined) === of)
      .flatMap(({ time }) => time ?? []);
  const told = timesOf('status').sort().at(-1);
  return told !== undefined && timesOf(undefined).every((time) => time < told);
}

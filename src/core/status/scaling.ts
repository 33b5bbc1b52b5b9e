import { isJsonObject, type KubeObject } from '../kube-object.ts';
import { scaleKey, type Autoscaled } from '../plan/ceded-fields.ts';
import { managedFieldsOf } from '../plan/field-ownership.ts';
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

/** Whether a workload serves as its owner asks. */
export function isServing({ state }: WorkloadHealth): boolean {
  return state === 'ready' || state === 'scaling';
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

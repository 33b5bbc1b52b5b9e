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
  if (unseen <= 0) return true;
  return unseen === 1 && isScaledLast(live);
}

/** Times have seconds: of two changes within the same one nobody can say which was the last. */
function isScaledLast(live: KubeObject): boolean {
  const timesOf = (isScale: boolean): string[] =>
    managedFieldsOf(live)
      .filter(({ subresource }) => (isScale ? subresource === 'scale' : !subresource))
      .flatMap(({ time }) => time ?? []);
  const scaled = timesOf(true).sort().at(-1);
  return scaled !== undefined && timesOf(false).every((time) => time < scaled);
}

import { displayName, isJsonObject, type KubeObject } from '../kube-object.ts';
import { hasLabels, type Labels } from '../label-selector.ts';
import { computeAutoscaled, scaleKey } from './ceded-fields.ts';
import type { DesiredObject } from './desired.ts';
import { outgoingOf } from './outgoing.ts';

/** What decides whether a Service may select other pods. */
export interface SurgeInput {
  desired: readonly DesiredObject[];
  /** By key; without what is being made anew. */
  live: ReadonlyMap<string, KubeObject>;
  /** Keys of the workloads that run fully. */
  ready: ReadonlySet<string>;
  /** ReplicaSets with the former pods of Deployments that are made anew. */
  outgoing: readonly KubeObject[];
}

/** Keys of Services that still have to select the former pods, because the new ones are not ready, and what is missing. */
export function computeHeldServices({ desired, live, ready, outgoing }: SurgeInput): Map<string, string> {
  const held = new Map<string, string>();
  if (outgoing.length === 0) return held;
  for (const { key, ref, object } of desired) {
    const served = live.get(key);
    if (ref.kind !== 'Service' || !served) continue;
    const wanted = selectorOf(object);
    const leaves = outgoing.some(
      (former) =>
        former.metadata.namespace === ref.namespace &&
        hasLabels(podLabelsOf(former), selectorOf(served)) &&
        !hasLabels(podLabelsOf(former), wanted),
    );
    const successor = leaves ? findUnready(desired, ready, { namespace: ref.namespace, selector: wanted }) : undefined;
    if (successor === undefined) continue;
    held.set(key, `${displayName(ref)} selects the former pods until ${displayName(successor.ref)} is ready`);
  }
  return held;
}

function findUnready(
  desired: readonly DesiredObject[],
  ready: ReadonlySet<string>,
  { namespace, selector }: { namespace: string | undefined; selector: Labels },
): DesiredObject | undefined {
  return desired.find(
    ({ key, ref, object }) =>
      ref.kind === 'Deployment' &&
      ref.namespace === namespace &&
      hasLabels(podLabelsOf(object), selector) &&
      !ready.has(key),
  );
}

/** Services of the namespace that select the pods of a workload. */
export function findServicesOf(workload: KubeObject, objects: Iterable<KubeObject>): KubeObject[] {
  return [...objects].filter(
    (object) =>
      object.kind === 'Service' &&
      object.metadata.namespace === workload.metadata.namespace &&
      Object.keys(selectorOf(object)).length > 0 &&
      hasLabels(podLabelsOf(workload), selectorOf(object)),
  );
}

/** Whether some of these EndpointSlices hold a ready endpoint other than the pods of the ReplicaSet. */
export function hasOtherEndpoint(slices: readonly KubeObject[], outgoing: KubeObject): boolean {
  const endpoints = slices.flatMap(({ endpoints: list }) => (Array.isArray(list) ? list.filter(isJsonObject) : []));
  return endpoints.some(({ conditions, targetRef }) => {
    const isReady = !isJsonObject(conditions) || conditions['ready'] !== false;
    const pod = isJsonObject(targetRef) ? targetRef['name'] : undefined;
    return isReady && typeof pod === 'string' && !pod.startsWith(`${outgoing.metadata.name}-`);
  });
}

/** The Deployment with as many replicas as its former pods, where an autoscaler would begin with one. */
export function withFormerReplicas(
  { object, ref }: DesiredObject,
  desired: readonly DesiredObject[],
  outgoing: readonly KubeObject[],
): KubeObject {
  if (ref.kind !== 'Deployment' || !isJsonObject(object['spec'])) return object;
  const former = outgoing.filter(
    (replicaSet) => outgoingOf(replicaSet) === ref.name && replicaSet.metadata.namespace === ref.namespace,
  );
  const replicas = former.map(replicasOf).reduce((sum, count) => sum + count, 0);
  const isAutoscaled = (): boolean =>
    computeAutoscaled(desired.map((one) => one.object)).has(scaleKey(ref.kind, ref.namespace, ref.name));
  return replicas > 0 && isAutoscaled() ? { ...object, spec: { ...object['spec'], replicas } } : object;
}

function replicasOf(replicaSet: KubeObject): number {
  const spec = isJsonObject(replicaSet['spec']) ? replicaSet['spec'] : {};
  return typeof spec['replicas'] === 'number' ? spec['replicas'] : 1;
}

function selectorOf(service: KubeObject): Labels {
  const spec = isJsonObject(service['spec']) ? service['spec'] : {};
  return isJsonObject(spec['selector']) ? (spec['selector'] as Labels) : {};
}

function podLabelsOf(workload: KubeObject): Labels {
  const { spec } = workload as { spec?: { template?: { metadata?: { labels?: Labels } } } };
  return spec?.template?.metadata?.labels ?? {};
}

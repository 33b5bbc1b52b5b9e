import { RECREATE_ANNOTATION } from '../../api/our-names.ts';
import { isJsonObject, objectKey, type KubeObject, type ObjectRef } from '../kube-object.ts';
import type { DesiredObject } from './desired.ts';
import type { LiveRead } from './plan-input.ts';
import type { Plan, RecreateStep } from './plan-objects.ts';
import { annotationName, namesIn } from './annotation-name.ts';
import { isRecreatable, type RefusedChange } from './refused-change.ts';

const TRIAL_SUFFIX = '-trial';
/** The longest that every kind takes. */
const MAX_NAME = 63;

/** What was refused, apart: what the resource's annotation lets be made anew, and the rest. */
export function splitRecreatable(
  refused: readonly RefusedChange[],
  { metadata }: Pick<KubeObject, 'metadata'>,
): { renewed: RefusedChange[]; rest: RefusedChange[] } {
  const named = new Set(namesIn(metadata.annotations?.[RECREATE_ANNOTATION]));
  const isNamed = ({ ref, isImmutable }: RefusedChange): boolean =>
    isImmutable && isRecreatable(ref) && named.has(annotationName(ref));
  return { renewed: refused.filter(isNamed), rest: refused.filter((change) => !isNamed(change)) };
}

/** The plan in which these objects are made anew instead of being changed. */
export function planRecreation(
  plan: Plan,
  renewed: readonly RefusedChange[],
  reads: ReadonlyMap<string, LiveRead>,
): Plan {
  const causes = new Map(renewed.map(({ ref, cause }) => [objectKey(ref), cause]));
  const isRenewed = ({ desired }: { desired: DesiredObject }): boolean => causes.has(desired.key);
  const recreate = [...plan.apply, ...plan.adopt].filter(isRenewed).flatMap(({ desired }): RecreateStep[] => {
    const read = reads.get(desired.key);
    return read?.state === 'found'
      ? [{ desired, live: read.object, cause: causes.get(desired.key) ?? '', outgoing: [] }]
      : [];
  });
  return {
    ...plan,
    recreate,
    apply: plan.apply.filter((step) => !isRenewed(step)),
    adopt: plan.adopt.filter((step) => !isRenewed(step)),
  };
}

/** The plan with the ReplicaSets of what it makes anew, by the key of their Deployment. */
export function withOutgoing(plan: Plan, replicaSets: ReadonlyMap<string, readonly KubeObject[]>): Plan {
  const recreate = plan.recreate.map((step) => ({ ...step, outgoing: replicaSets.get(step.desired.key) ?? [] }));
  const known = new Set(plan.outgoing.map(({ metadata }) => metadata['uid']));
  const found = recreate.flatMap(({ outgoing }) => outgoing).filter(({ metadata }) => !known.has(metadata['uid']));
  return { ...plan, recreate, outgoing: [...plan.outgoing, ...found] };
}

/**
 * The object under another name: whether the API server would create it can be tried while the former one is there.
 * What a Service holds alone is left out.
 */
export function renameForTrial(object: KubeObject): KubeObject {
  const name = `${object.metadata.name.slice(0, MAX_NAME - TRIAL_SUFFIX.length)}${TRIAL_SUFFIX}`;
  const renamed = { ...object, metadata: { ...object.metadata, name } };
  const { spec } = renamed as { spec?: unknown };
  if (object.kind !== 'Service' || !isJsonObject(spec)) return renamed;
  const { clusterIP, clusterIPs: _, healthCheckNodePort: __, ports, ...rest } = spec;
  const kept = clusterIP === 'None' ? { clusterIP } : {};
  const free = Array.isArray(ports) ? ports.filter(isJsonObject).map(({ nodePort: _, ...port }) => port) : [];
  return { ...renamed, spec: { ...rest, ...kept, ports: free } };
}

/** How the former object is deleted: pods that serve stay, pods of one to a node go first. */
export function propagationOf({ kind }: ObjectRef): 'Orphan' | 'Foreground' | 'Background' {
  if (kind === 'Deployment') return 'Orphan';
  return kind === 'DaemonSet' ? 'Foreground' : 'Background';
}

import type { KubeObject } from '../../kube-object.ts';

/** Label by which the pods of one version of a workload are told from those of others. */
export interface TemplateLabel {
  name: string;
  value: string;
}

const REVISION = 'deployment.kubernetes.io/revision';
const GENERATION = 'deprecated.daemonset.template.generation';

/** Whether pods of two versions run side by side, so that its ReplicaSets have to be asked which are the new ones. */
export function needsReplicaSets({ kind, status }: KubeObject): boolean {
  const { replicas = 0, updatedReplicas = 0 } = (status ?? {}) as { replicas?: number; updatedReplicas?: number };
  return kind === 'Deployment' && replicas > updatedReplicas;
}

/**
 * What the pods of the wanted version have in common; undefined where that cannot be told, and then all count as such.
 * The revision and the generation of a template are annotations and labels that Kubernetes' own controllers write.
 */
export function findTemplate(workload: KubeObject, replicaSets: readonly KubeObject[]): TemplateLabel | undefined {
  if (workload.kind === 'DaemonSet') {
    const value = workload.metadata.annotations?.[GENERATION];
    return value === undefined ? undefined : { name: 'pod-template-generation', value };
  }
  const revision = workload.metadata.annotations?.[REVISION];
  const current = replicaSets.find(
    ({ metadata }) =>
      revision !== undefined && metadata.annotations?.[REVISION] === revision && isOwned(metadata, workload),
  );
  const name = 'pod-template-hash';
  const value = current?.metadata.labels?.[name];
  return value === undefined ? undefined : { name, value };
}

/** Whether the pod is of another version than the wanted one. */
export function isFormer({ labels }: KubeObject['metadata'], template: TemplateLabel | undefined): boolean {
  const value = template && labels?.[template.name];
  return value !== undefined && value !== template?.value;
}

function isOwned({ ownerReferences }: KubeObject['metadata'], { metadata }: KubeObject): boolean {
  const owners = Array.isArray(ownerReferences) ? (ownerReferences as { uid?: string }[]) : [];
  return owners.some(({ uid }) => uid === metadata['uid']);
}

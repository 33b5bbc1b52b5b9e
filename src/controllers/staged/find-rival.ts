import type { StagedStatus } from '../../api/staged/staged-status.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { progressOf } from '../../core/staged/staged-status.ts';
import { isEnded } from '../../core/steps/decide-step.ts';
import type { KindRef, KubeApi } from '../../kube/kube-api.ts';

/** Another resource of the kind and namespace that changes the same and comes first: it has begun, or is older. */
export async function findRival(
  api: Pick<KubeApi, 'list'>,
  { apiVersion, kind }: KindRef,
  { resource, isOfSame }: { resource: KubeObject; isOfSame: (other: KubeObject) => boolean },
): Promise<string | undefined> {
  const { namespace = '' } = resource.metadata;
  const { items } = await api.list({ apiVersion, kind }, { namespace });
  return items.find((other) => isOther(other, resource) && isOfSame(other) && comesFirst(other, resource))?.metadata
    .name;
}

function isOther(other: KubeObject, resource: KubeObject): boolean {
  return other.metadata.name !== resource.metadata.name && other.metadata['deletionTimestamp'] === undefined;
}

function comesFirst(other: KubeObject, resource: KubeObject): boolean {
  const status: StagedStatus = other['status'] ?? {};
  if (status.phase === 'Invalid') return false;
  const progress = progressOf(status);
  if (progress && isEnded(progress)) return false;
  return progress?.startedAt !== undefined || ageOf(other) < ageOf(resource);
}

/** Of two made in the same second, the name decides. */
function ageOf({ metadata }: KubeObject): string {
  const made = metadata['creationTimestamp'];
  return `${typeof made === 'string' ? made : ''} ${metadata.name}`;
}

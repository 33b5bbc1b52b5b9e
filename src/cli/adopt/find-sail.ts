import { errorText } from '../../core/error-text.ts';
import { SAIL_REVISION, sailOwnerOf, type SailParents } from '../../core/hand-over/other-writers.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import type { KubeApi } from '../../kube/kube-api.ts';

/**
 * The resources that people wrote for the Sail operator, by its revisions that own these objects. What cannot be read is
 * warned of: the revision is named then.
 */
export async function fetchSailParents(
  api: Pick<KubeApi, 'get'>,
  objects: readonly KubeObject[],
  warnings: string[],
): Promise<SailParents> {
  const parents = new Map<string, string>();
  const owners = objects.flatMap((object) => sailOwnerOf(object) ?? []).filter(({ kind }) => kind === SAIL_REVISION);
  for (const owner of new Map(owners.map((one) => [one.name, one])).values()) {
    try {
      const revision = await api.get(owner);
      const parent = revision && sailOwnerOf(revision);
      if (parent) parents.set(owner.name, parent.name);
    } catch (error) {
      warnings.push(`could not read ${owner.kind} ${owner.name} of the Sail operator: ${errorText(error)}`);
    }
  }
  return parents;
}

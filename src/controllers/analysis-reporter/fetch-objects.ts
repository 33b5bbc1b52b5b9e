import { KIND, kindRefOf, type Kind } from '../../core/analyze/kinds.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { slimForAnalysis } from '../../core/analyze/report/slim-object.ts';
import { isKindNotServed } from '../../kube/errors.ts';
import type { MemoryBudget } from '../../kube/memory-budget.ts';
import type { KubeApi, ListOptions } from '../../kube/kube-api.ts';
import { mapConcurrently } from '../../runtime/map-concurrently.ts';

const CONCURRENCY = 6;

/** These are read from ConfigMaps. */
const WITHOUT_RESOURCE: readonly Kind[] = [KIND.meshConfig, KIND.meshNetworks];

/** Tokens and Helm's releases are large, many, and no certificate of a gateway. */
const SECRETS: ListOptions = { fieldSelector: 'type!=helm.sh/release.v1,type!=kubernetes.io/service-account-token' };

/** What is left out of the reading. */
export interface ReadLimits {
  /** Kinds that are not wanted. */
  without?: ReadonlySet<Kind>;
  /** Objects for which there is no room. */
  budget?: MemoryBudget;
}

/** Everything in the cluster that analysis looks at, reduced to that. Kinds that are not served count as empty. */
export async function fetchAnalyzedObjects(
  api: Pick<KubeApi, 'list'>,
  { without = new Set(), budget }: ReadLimits = {},
): Promise<KubeObject[]> {
  const wanted = Object.values(KIND).filter((kind) => !without.has(kind) && !WITHOUT_RESOURCE.includes(kind));
  const reduce = (object: KubeObject): KubeObject | undefined => {
    const kept = slimForAnalysis(object);
    return budget && !budget.admitObject(kept) ? undefined : kept;
  };
  const lists = await mapConcurrently(wanted, CONCURRENCY, async (kind) => {
    try {
      const ref = kindRefOf(kind);
      const { items } = await api.list(ref, { ...(kind === KIND.secret ? SECRETS : {}), reduce });
      return items.map((item) => ({ ...item, ...ref }));
    } catch (error) {
      if (isKindNotServed(error)) return [];
      throw error;
    }
  });
  return lists.flat();
}

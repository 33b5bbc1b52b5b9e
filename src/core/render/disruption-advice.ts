import { isJsonObject, type JsonObject, type KubeObject } from '../kube-object.ts';
import type { Problem } from '../problem.ts';
import { leastReplicas } from './availability-advice.ts';

/** Warns of a PodDisruptionBudget that never lets a pod go: drains of nodes wait for it for ever. */
export function adviseDisruption(objects: readonly KubeObject[], path: string): Problem[] {
  const budget = objects.find(({ kind }) => kind === 'PodDisruptionBudget');
  const replicas = leastReplicas(objects);
  if (!budget || !isJsonObject(budget.spec) || !Number.isFinite(replicas)) return [];
  const { spec } = budget;
  // The chart's own budget of one pod for one replica is told of as the single replica that it is.
  if (replicas < 2 && !hasShare(spec)) return [];
  const allowed = countAllowed(spec, replicas);
  if (allowed === undefined || allowed > 0) return [];
  const [field, value] =
    spec.maxUnavailable === undefined ? ['minAvailable', spec.minAvailable] : ['maxUnavailable', spec.maxUnavailable];
  const pods = replicas === 1 ? 'a single replica' : `${replicas} replicas, the fewest there may be,`;
  const message = `${JSON.stringify(value)} of ${pods} lets no pod be evicted, so that drains of nodes never end (shares are rounded up)`;
  return [
    {
      path: `${path}.k8s.podDisruptionBudget.${field}`,
      code: 'DisruptionBlocked',
      message,
      hint: 'set maxUnavailable to 1',
    },
  ];
}

function hasShare({ minAvailable, maxUnavailable }: JsonObject): boolean {
  return typeof minAvailable === 'string' || maxUnavailable !== undefined;
}

/** How many pods may be evicted while all run; undefined when the budget makes no sense. Kubernetes rounds shares up. */
function countAllowed({ minAvailable, maxUnavailable }: JsonObject, replicas: number): number | undefined {
  if (maxUnavailable !== undefined) return countPods(maxUnavailable, replicas);
  const wanted = countPods(minAvailable, replicas);
  return wanted === undefined ? undefined : replicas - wanted;
}

function countPods(value: unknown, replicas: number): number | undefined {
  if (typeof value === 'number') return value;
  const share = typeof value === 'string' ? /^(\d+)%$/.exec(value) : null;
  return share ? Math.ceil((Number(share[1]) * replicas) / 100) : undefined;
}

import { isJsonObject, type KubeObject } from '../kube-object.ts';
import { ownerOf } from '../inject/pod-owner.ts';

/** What somebody restarts to get a pod anew. */
export interface Workload {
  namespace: string;
  kind: string;
  workload: string;
}

/** The workload behind a pod, as injection names it: the pod itself where nothing else made it. */
export function workloadOfPod({ metadata, spec }: KubeObject): Workload {
  const { namespace = '', name } = metadata;
  // Injection sees pods before they have a name, and asks by this whether anything made them.
  const named = { generateName: name, ...metadata };
  const { typeMeta, deploymentMeta } = ownerOf({ metadata: named, spec: isJsonObject(spec) ? spec : {} });
  return { namespace, kind: typeMeta.kind || 'Pod', workload: deploymentMeta.name || name };
}

/** Pods that are alike in all that a row says, as one row with their number; in the order of namespace and name. */
export function countRows<Row extends Workload>(rows: readonly Row[]): (Row & { pods: number })[] {
  const counts = new Map<string, Row & { pods: number }>();
  for (const row of rows) {
    const key = JSON.stringify(row);
    const known = counts.get(key);
    if (known) known.pods += 1;
    else counts.set(key, { ...row, pods: 1 });
  }
  return [...counts.values()].sort((a, b) => compare(a.namespace, b.namespace) || compare(a.workload, b.workload));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

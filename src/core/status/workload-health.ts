import { displayName, isJsonObject, refOf, type KubeObject } from '../kube-object.ts';
import { conditionOf } from './live-condition.ts';
import { explain } from './pods/describe-trouble.ts';

/** How far a Deployment or DaemonSet is. */
export interface WorkloadHealth {
  /**
   * `ready`: the wanted revision runs fully. `scaling`: it runs, and an autoscaler has asked for more pods than there are
   * yet. `growing`: it runs, and an autoscaler has yet to ask for its minimum. `unknown`: it could not be read.
   */
  state: 'ready' | 'scaling' | 'growing' | 'progressing' | 'failed' | 'missing' | 'unknown';
  /** What is waited for or wrong; empty when ready. */
  message: string;
}

const WORKLOADS = new Set(['Deployment', 'DaemonSet']);

export function isWorkload({ kind }: { kind: string }): boolean {
  return WORKLOADS.has(kind);
}

/** Judges the live object as `kubectl rollout status` would, from its own status alone. */
export function computeWorkloadHealth(live: KubeObject): WorkloadHealth {
  const name = displayName(refOf(live));
  const status = isJsonObject(live['status']) ? live['status'] : {};
  if (!isObserved(live)) {
    return { state: 'progressing', message: `${name}: waiting for its controller to see the new version` };
  }
  return live.kind === 'DaemonSet' ? healthOfDaemonSet(name, status) : healthOfDeployment(name, status, live);
}

/** Whether the status speaks of the spec as it is now. */
function isObserved({ metadata, status }: KubeObject): boolean {
  return isJsonObject(status) && numberAt(status, 'observedGeneration') >= Number(metadata['generation'] ?? 0);
}

function healthOfDeployment(name: string, status: Record<string, unknown>, live: KubeObject): WorkloadHealth {
  const spec = isJsonObject(live['spec']) ? live['spec'] : {};
  const wanted = typeof spec['replicas'] === 'number' ? spec['replicas'] : 1;
  const [updated, available, all] = ['updatedReplicas', 'availableReplicas', 'replicas'].map((field) =>
    numberAt(status, field),
  ) as [number, number, number];
  const progress = conditionOf(live, 'Progressing');
  const refusal = findRefusal(live);
  if (updated < wanted && refusal !== undefined) return { state: 'failed', message: `${name}: ${refusal}` };
  if (progress?.status === 'False') {
    return { state: 'failed', message: `${name}: ${progress.message || 'it does not progress'}` };
  }
  if (updated < wanted) return progressing(name, `${updated} of ${wanted} replicas updated`);
  if (all > updated) return progressing(name, `${all - updated} old replicas still to end`);
  if (available < updated) return progressing(name, `${available} of ${updated} replicas available`);
  return { state: 'ready', message: '' };
}

/** Why the API server takes no pods of a Deployment, as its ReplicaSets were told. */
function findRefusal(live: KubeObject): string | undefined {
  const failure = conditionOf(live, 'ReplicaFailure');
  if (failure?.status !== 'True' || failure.reason !== 'FailedCreate') return undefined;
  return explain('FailedCreate', failure.message ?? '');
}

function healthOfDaemonSet(name: string, status: Record<string, unknown>): WorkloadHealth {
  const wanted = numberAt(status, 'desiredNumberScheduled');
  const updated = numberAt(status, 'updatedNumberScheduled');
  const available = numberAt(status, 'numberAvailable');
  // No node to run on is a valid wish.
  if (updated < wanted) return progressing(name, `${updated} of ${wanted} pods updated`);
  if (available < wanted) return progressing(name, `${available} of ${wanted} pods available`);
  return { state: 'ready', message: '' };
}

/** Whether a CRD is served. */
export function isEstablished(live: KubeObject): boolean {
  return conditionOf(live, 'Established')?.status === 'True';
}

/**
 * Whether the workload runs as wanted, so that what it takes the place of may go. A DaemonSet does so with its pods on all
 * nodes and some of them running: there is always a node that does not answer.
 */
export function canReplace(live: KubeObject): boolean {
  if (live.kind !== 'DaemonSet' || !isJsonObject(live['status'])) return computeWorkloadHealth(live).state === 'ready';
  const wanted = numberAt(live['status'], 'desiredNumberScheduled');
  return (
    isObserved(live) &&
    numberAt(live['status'], 'updatedNumberScheduled') >= wanted &&
    (wanted === 0 || numberAt(live['status'], 'numberAvailable') > 0)
  );
}

/** Whether pods of a DaemonSet are missing on nodes; the object does not say why. */
export function lacksPods({ kind, status }: KubeObject): boolean {
  if (kind !== 'DaemonSet' || !isJsonObject(status)) return false;
  return numberAt(status, 'currentNumberScheduled') < numberAt(status, 'desiredNumberScheduled');
}

function progressing(name: string, what: string): WorkloadHealth {
  return { state: 'progressing', message: `${name}: ${what}` };
}

function numberAt(status: Record<string, unknown>, field: string): number {
  const value = status[field];
  return typeof value === 'number' ? value : 0;
}

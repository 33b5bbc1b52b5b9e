import { displayName, isJsonObject, refOf, type Json, type JsonObject, type KubeObject } from '../kube-object.ts';
import { conditionOf } from '../status/live-condition.ts';
import { computeWorkloadHealth } from '../status/workload-health.ts';

/** How far a Deployment, StatefulSet or DaemonSet is. */
export interface WorkloadProgress {
  /** All pods that it wants are there, ready, and of its present template. */
  isSettled: boolean;
  /** What cannot get better by itself. */
  failure?: string;
  /** What may get better by itself. */
  hitch?: Hitch;
  /** Pods that it wants. */
  wanted: number;
}

/** Pods that cannot be created for now, since something that admits them does not answer. */
export interface Hitch {
  message: string;
  since: number;
}

/** Reads it from the status of the live object; one that speaks of an older spec is not settled. */
export function computeProgress(workload: KubeObject): WorkloadProgress {
  const status = objectAt(workload, 'status');
  const wanted = wantedOf(workload, status);
  if (workload.kind === 'StatefulSet') return { isSettled: isSetSettled(workload, status, wanted), wanted };
  const { state, message } = computeWorkloadHealth(workload);
  if (state !== 'failed') return { isSettled: state === 'ready', wanted };
  const hitch = findHitch(workload);
  return { isSettled: false, wanted, ...(hitch ? { hitch } : { failure: message }) };
}

/** The API server's words for what is not the fault of the request, such as a webhook that it did not reach. */
const NOT_ITS_FAULT = 'Internal error occurred';

/** The pods of a Deployment are tried again and again, until its progress deadline. */
function findHitch(workload: KubeObject): Hitch | undefined {
  const { status, reason, message = '', lastTransitionTime = '' } = conditionOf(workload, 'ReplicaFailure') ?? {};
  if (conditionOf(workload, 'Progressing')?.status === 'False') return undefined;
  if (status !== 'True' || reason !== 'FailedCreate' || !message.includes(NOT_ITS_FAULT)) return undefined;
  return { message: `${displayName(refOf(workload))}: ${message}`, since: Date.parse(lastTransitionTime) };
}

function wantedOf({ kind, spec }: KubeObject, status: JsonObject): number {
  if (kind === 'DaemonSet') return numberAt(status, 'desiredNumberScheduled') ?? 0;
  return (isJsonObject(spec) ? numberAt(spec, 'replicas') : undefined) ?? 1;
}

/** With the strategy OnDelete the present template is not that of all pods, and nobody waits for that. */
function isSetSettled({ metadata }: KubeObject, status: JsonObject, wanted: number): boolean {
  const isObserved = (numberAt(status, 'observedGeneration') ?? 0) >= Number(metadata['generation'] ?? 0);
  const [all, ready] = [numberAt(status, 'replicas') ?? 0, numberAt(status, 'readyReplicas') ?? 0];
  return isObserved && all === wanted && ready === wanted;
}

/** Whether new pods come before old ones go. */
export function hasSurge(workload: KubeObject, wanted: number): boolean {
  return shareOf(workload, { key: 'maxSurge', wanted, round: Math.ceil }) > 0;
}

/** Whether at no moment of a restart fewer pods are ready than it wants. */
export function keepsPods(workload: KubeObject, wanted: number): boolean {
  return hasSurge(workload, wanted) && shareOf(workload, { key: 'maxUnavailable', wanted, round: Math.floor }) === 0;
}

/** Kubernetes' own, where a workload says nothing. */
const SHARES: Readonly<Record<string, Readonly<Record<Share['key'], Json>>>> = {
  Deployment: { maxSurge: '25%', maxUnavailable: '25%' },
  DaemonSet: { maxSurge: 0, maxUnavailable: 1 },
};

interface Share {
  key: 'maxSurge' | 'maxUnavailable';
  wanted: number;
  /** Kubernetes rounds a percentage of the pods that are wanted up for the one, and down for the other. */
  round: (count: number) => number;
}

function shareOf(workload: KubeObject, { key, wanted, round }: Share): number {
  const { strategy, updateStrategy } = objectAt(workload, 'spec');
  const said = workload.kind === 'Deployment' ? strategy : updateStrategy;
  const { type = 'RollingUpdate', rollingUpdate } = isJsonObject(said) ? said : {};
  const otherwise = SHARES[workload.kind]?.[key];
  if (type !== 'RollingUpdate' || otherwise === undefined) return 0;
  const share = (isJsonObject(rollingUpdate) ? rollingUpdate[key] : undefined) ?? otherwise;
  const percent = typeof share === 'string' ? /^(\d+)%$/.exec(share)?.[1] : undefined;
  return percent === undefined ? Number(share) : round((Number(percent) * wanted) / 100);
}

export function isPaused({ spec }: KubeObject): boolean {
  return isJsonObject(spec) && spec['paused'] === true;
}

function objectAt(object: KubeObject, key: string): JsonObject {
  const value = object[key];
  return isJsonObject(value) ? value : {};
}

function numberAt(object: JsonObject, key: string): number | undefined {
  const value = object[key];
  return typeof value === 'number' ? value : undefined;
}

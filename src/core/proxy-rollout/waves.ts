import { isInjectedGateway } from '../inject/injected-gateway.ts';
import { objectKey } from '../kube-object.ts';
import { hasLabels } from '../label-selector.ts';
import type { MetricSubject } from '../staged/metric-gates.ts';
import type { PodFacts } from './pod-facts.ts';
import type { Wave } from './read-rollout.ts';
import type { Way } from './stamp.ts';
import type { Block, WorkloadState } from './workload-state.ts';

/** The number of the first wave that takes the workload; undefined where none does. */
export function waveOf(
  { namespace, object }: Pick<WorkloadState, 'namespace' | 'object'>,
  waves: readonly Wave[],
): number | undefined {
  const index = waves.findIndex(
    (wave) => (wave.namespaces?.has(namespace) ?? true) && hasLabels(object.metadata.labels ?? {}, wave.labels),
  );
  return index < 0 ? undefined : index;
}

/** So many workloads are named in a query at the most. */
const MAX_NAMED = 100;

/** Whose requests tell of the waves up to one; undefined where they have no workload. */
export function subjectOf(
  states: readonly Pick<WorkloadState, 'namespace' | 'object'>[],
  waves: readonly Wave[],
  step: number,
): MetricSubject | undefined {
  const reached = states.filter((state) => (waveOf(state, waves) ?? Infinity) <= step);
  if (reached.length === 0) return undefined;
  const namespaces = distinct(reached.map(({ namespace }) => namespace));
  const workloads = distinct(reached.map(({ object }) => object.metadata.name));
  return { namespaces, ...(workloads.length > MAX_NAMED ? {} : { workloads }) };
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

/** Whether it is being renewed, that way. */
export function isUnderWay({ stamp, stale, isSettled, block }: WorkloadState, way: Way): boolean {
  if (stamp?.way !== way) return false;
  return !isSettled || (stale.length > 0 && !isLasting(block));
}

/** Whether nothing is left to do for it, that way. What cannot be renewed is listed, and not waited for. */
export function isDone(state: WorkloadState, way: Way): boolean {
  if (isUnderWay(state, way)) return false;
  return isLasting(state.block) || (state.stale.length === 0 && state.block === undefined);
}

function isLasting(block: Block | undefined): boolean {
  return block !== undefined && !block.isTemporary;
}

/** What to do for a wave now. */
export interface WaveWork {
  /** Workloads that are under way. */
  underWay: readonly WorkloadState[];
  /** Workloads to begin with. */
  begin: readonly WorkloadState[];
  /** Pods of workloads that were begun, to be evicted. */
  evict: readonly { state: WorkloadState; pod: PodFacts }[];
}

/** Within what is chosen. */
export interface WorkLimits {
  maxParallel: number;
  way: Way;
  /** Keys of the workloads that were chosen before. */
  chosen: ReadonlySet<string>;
}

/**
 * Chooses so that never more than `maxParallel` workloads are under way, and one in a namespace. What was chosen before
 * comes first and counts as under way: a leader that was held up may still begin with it. Then come gateways: a proxy
 * that does not work is seen before workloads have it. Of a workload whose pods are evicted, the next goes when all
 * others are ready.
 */
export function chooseWork(states: readonly WorkloadState[], { maxParallel, way, chosen }: WorkLimits): WaveWork {
  const underWay = states.filter((state) => isUnderWay(state, way));
  const open = gatewaysFirst(
    states.filter(({ stale, block, stamp }) => stale.length > 0 && !block && stamp?.way !== way),
  );
  const begin = open.filter(({ ref }) => chosen.has(objectKey(ref)));
  const busy = new Set([...underWay, ...begin].map(({ namespace }) => namespace));
  for (const state of open) {
    if (underWay.length + begin.length >= maxParallel) break;
    if (busy.has(state.namespace)) continue;
    busy.add(state.namespace);
    begin.push(state);
  }
  return { underWay, begin, evict: underWay.flatMap((state) => evictionOf(state)) };
}

function gatewaysFirst(states: readonly WorkloadState[]): WorkloadState[] {
  const isGateway = ({ object }: WorkloadState): boolean => isInjectedGateway(object);
  return [...states.filter(isGateway), ...states.filter((state) => !isGateway(state))];
}

function evictionOf(state: WorkloadState): { state: WorkloadState; pod: PodFacts }[] {
  const { method, isSettled, stale, block, pods } = state;
  // One that serves nobody goes first: it may be what keeps the others from being settled.
  const pod = stale.find(({ isReady }) => !isReady) ?? stale[0];
  if (method !== 'Evict' || !pod || block) return [];
  const areOthersReady = pods.every((other) => other === pod || (other.isReady && !other.isTerminating));
  return isSettled || (!pod.isReady && areOthersReady) ? [{ state, pod }] : [];
}

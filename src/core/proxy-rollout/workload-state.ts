import { RENEWED_ANNOTATION } from '../../api/our-names.ts';
import type { BlockReason } from '../../api/rollout/reasons.ts';
import { isInjectedGateway } from '../inject/injected-gateway.ts';
import { displayName, isJsonObject, refOf, type KubeObject, type ObjectRef } from '../kube-object.ts';
import { isSelected, type LabelSelector } from '../label-selector.ts';
import { podTemplateOf } from '../plan/pod-template.ts';
import type { PodFacts, ReviewSummary } from './pod-facts.ts';
import type { RolloutPlan } from './read-rollout.ts';
import { findExclusion, stampOf, type Stamp, type Way } from './stamp.ts';
import {
  computeProgress,
  hasSurge,
  isPaused,
  keepsPods,
  type Hitch,
  type WorkloadProgress,
} from './workload-progress.ts';

/** A workload with its pods. */
export interface ObservedWorkload {
  object: KubeObject;
  pods: readonly PodFacts[];
}

/** A PodDisruptionBudget, as far as it decides. */
export interface Budget {
  name: string;
  selector: LabelSelector;
  /** How many pods may go now. */
  allowed: number;
}

/** Why a workload is not renewed. */
export interface Block {
  reason: BlockReason;
  message: string;
  /** It may pass by itself: the wave waits for it. */
  isTemporary: boolean;
}

/** Where a workload stands in a rollout. */
export interface WorkloadState {
  ref: ObjectRef;
  namespace: string;
  /** The live object. */
  object: KubeObject;
  method: 'Restart' | 'Evict';
  block?: Block;
  /** Of this rollout, whichever way. */
  stamp?: Stamp;
  pods: readonly PodFacts[];
  /** Pods to be renewed. */
  stale: readonly PodFacts[];
  /** Renewed pods. */
  renewed: readonly PodFacts[];
  isSettled: boolean;
  failure?: string;
  hitch?: Hitch;
}

/** How a rollout looks at workloads. */
export interface RolloutView {
  /** UID of the ProxyRollout. */
  rollout: string;
  way: Way;
  strategy: RolloutPlan['strategy'];
  budgets: ReadonlyMap<string, readonly Budget[]>;
  now: number;
}

/** Judges one workload: what is left to do for it, how, and what keeps it from that. */
export function computeWorkloadState({ object, pods }: ObservedWorkload, view: RolloutView): WorkloadState {
  const own = stampOf(object);
  const stamp = own?.rollout === view.rollout ? own : undefined;
  const isThisWay = stamp?.way === view.way;
  const { isSettled, failure, hitch, wanted } = progressOf(object);
  const method = methodOf(object, wanted, view);
  const isRenewed = renewalTest(object, isThisWay ? stamp : undefined);
  const alive = pods.filter(({ isTerminating }) => !isTerminating);
  const stale = alive.filter((pod) => isOutdated(pod) && !isRenewed(pod));
  const block = findBlock(
    { object, wanted, method, alive, stale, isSettled, isThisWay, isOwn: stamp !== undefined },
    view,
  );
  return {
    ref: refOf(object),
    namespace: object.metadata.namespace ?? '',
    object,
    method,
    ...(block ? { block } : {}),
    ...(stamp ? { stamp } : {}),
    pods,
    stale,
    renewed: alive.filter(isRenewed),
    isSettled: isSettled && alive.length === pods.length && isComplete(alive, wanted),
    ...(failure === undefined ? {} : { failure }),
    ...(hitch ? { hitch } : {}),
  };
}

/** What nobody can renew here is waited for by nobody. */
function progressOf(object: KubeObject): WorkloadProgress {
  return RENEWABLE.has(object.kind) ? computeProgress(object) : { isSettled: true, wanted: 0 };
}

/** The status of a workload may be older than the loss of a pod: those that are there count. */
function isComplete(alive: readonly PodFacts[], wanted: number): boolean {
  return alive.filter(({ isReady }) => isReady).length >= wanted;
}

/** A pod has the stamp of its template; where pods are evicted the template has none, and their age tells. */
function renewalTest(object: KubeObject, stamp: Stamp | undefined): (pod: PodFacts) => boolean {
  if (!stamp) return () => false;
  const text = object.metadata.annotations?.[RENEWED_ANNOTATION];
  const template = podTemplateOf(object)?.['metadata'];
  const annotations = isJsonObject(template) ? template['annotations'] : undefined;
  const isInTemplate = isJsonObject(annotations) && annotations[RENEWED_ANNOTATION] === text;
  // Kubernetes writes times of creation in whole seconds.
  const since = Math.floor(stamp.at / 1000) * 1000;
  return isInTemplate ? (pod) => pod.stamp === text : (pod) => pod.createdAt >= since;
}

export function isOutdated({ review }: PodFacts): boolean {
  return review?.state === 'image' || review?.state === 'changed';
}

function methodOf(object: KubeObject, wanted: number, { strategy }: RolloutView): 'Restart' | 'Evict' {
  if (strategy !== 'Auto') return strategy;
  return hasSurge(object, wanted) ? 'Restart' : 'Evict';
}

interface Judged {
  object: KubeObject;
  wanted: number;
  method: 'Restart' | 'Evict';
  alive: readonly PodFacts[];
  stale: readonly PodFacts[];
  isSettled: boolean;
  isThisWay: boolean;
  /** Begun by this rollout, whichever way. */
  isOwn: boolean;
}

/** What is under way is blocked by nothing of its own making. */
function findBlock(judged: Judged, view: RolloutView): Block | undefined {
  const { object, stale, isOwn } = judged;
  const ofInjection = findInjectionBlock(judged);
  if (ofInjection) return ofInjection;
  if (stale.length === 0) return undefined;
  if (!RENEWABLE.has(object.kind)) return blockOfKind(object);
  const exclusion = findExclusion(object, view.now);
  if (exclusion !== undefined) return lasting('Excluded', exclusion);
  if (isPaused(object)) return lasting('Paused', 'it is paused: kubectl rollout resume it');
  const beforeItBegins = isOwn ? undefined : (findLossOfGateway(judged, view) ?? findMovement(judged));
  return findSoleReplica(judged) ?? beforeItBegins ?? findBudget(judged, view);
}

/** Kinds whose pods can be renewed here. */
const RENEWABLE: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);

function blockOfKind({ kind }: KubeObject): Block {
  if (kind === 'Pod') return lasting('BarePod', 'no controller would make it anew: delete it and create it again');
  if (kind === 'Job' || kind === 'CronJob')
    return lasting('Job', 'its pods end by themselves; the next run has the new proxy');
  return lasting('OwnerUnknown', `a ${kind} is not restarted here: do it by its own tool`);
}

/** What injection says of new pods, in words before its own. */
const VERDICTS: readonly (readonly [state: ReviewSummary['state'], block: (why: string) => Block])[] = [
  ['refused', (why) => lasting('InjectionRefused', `its new pods would be refused: ${why}`)],
  ['losing', (why) => lasting('WouldLoseProxy', `its new pods would have no proxy: ${why}`)],
  ['unknown', (why) => passing('InjectionUnknown', why)],
  ['foreign', (why) => lasting('NotInjected', why)],
];

function findInjectionBlock({ alive, isThisWay, stale }: Judged): Block | undefined {
  for (const [state, block] of VERDICTS) {
    const found = alive.find(({ review }) => review?.state === state)?.review;
    if (found) return block(found.why);
  }
  const other = isThisWay && stale.length === 0 ? alive.find(isOutdated)?.review : undefined;
  return other && lasting('StillDifferent', `renewed pods differ from what injection makes: ${other.why}`);
}

function findSoleReplica({ object, wanted, method }: Judged): Block | undefined {
  if (wanted !== 1 || object.kind === 'DaemonSet' || (method === 'Restart' && hasSurge(object, wanted)))
    return undefined;
  return lasting('SingleReplica', 'its only pod would have to go first: give it a second one, or restart it by hand');
}

/** A gateway has all the traffic: unless a person chose the way, new pods of it are ready before old ones go. */
function findLossOfGateway({ object, wanted }: Judged, { strategy }: RolloutView): Block | undefined {
  if (strategy !== 'Auto' || !isInjectedGateway(object) || keepsPods(object, wanted)) return undefined;
  return lasting(
    'GatewayWouldShrink',
    'it is a gateway, and would have fewer ready pods for a while: set maxSurge above 0 and maxUnavailable to 0 in its strategy, or spec.strategy of the rollout',
  );
}

function findMovement({ isSettled, object }: Judged): Block | undefined {
  if (isSettled) return undefined;
  return passing(
    'RolloutRunning',
    `${displayName(refOf(object))} is not settled: it is being rolled out, or its pods are not ready`,
  );
}

/** A rolling update asks no budget, an eviction does. */
function findBudget({ object, method, stale }: Judged, { budgets }: RolloutView): Block | undefined {
  if (method === 'Restart') return undefined;
  const of = budgets.get(object.metadata.namespace ?? '') ?? [];
  const spent = of.find(
    ({ selector, allowed }) => allowed < 1 && stale.every(({ labels }) => isSelected(labels, selector)),
  );
  return spent && passing('BudgetExhausted', `PodDisruptionBudget ${spent.name} lets no pod go now`);
}

function lasting(reason: BlockReason, message: string): Block {
  return { reason, message, isTemporary: false };
}

function passing(reason: BlockReason, message: string): Block {
  return { reason, message, isTemporary: true };
}

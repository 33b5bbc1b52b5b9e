import type { IstioOperatorStatus } from '../../api/install/istio-operator-status.ts';
import type { ConditionReason, EventReason } from '../../api/install/conditions.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import type { ProxyCount } from '../../core/inject/count-proxies.ts';
import type { MissedPod } from '../../core/inject/missed-pods.ts';
import type { UnservedLabel } from '../../core/inject/unserved-labels.ts';
import type { Digest } from '../../core/plan/applied-hash.ts';
import type { Owner } from '../../core/plan/owner-labels.ts';
import type { KnownGap } from '../../core/plan/plan-input.ts';
import type { PlanText } from '../../core/diff/plan-text.ts';
import type { RefusedChange } from '../../core/plan/refused-change.ts';
import type { Result } from '../../core/problem.ts';
import type { StaleKind } from '../../core/status/stale-kinds.ts';
import type { ObservedWebhook } from '../../core/status/webhook-conditions.ts';
import type { Rendered } from '../../core/render/index.ts';
import type { Demands, InstallationPolicy } from '../../kube/installation-policy.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import { Turns } from '../../runtime/turns.ts';
import type { Log } from '../../telemetry/log.ts';
import type { Contests } from '../contests.ts';
import { PodTroubles } from './pod-troubles.ts';

/** Notes for people who run `kubectl describe`. */
export interface EventSink {
  record(about: KubeObject, note: { type: 'Normal' | 'Warning'; reason: EventReason; message: string }): void;
}

/** What is known of the webhooks that call this operator. */
export interface WebhookObserver {
  /** What whoever calls the operator has to trust now, base64 of PEM; undefined while there is no certificate. */
  readonly bundle: string | undefined;
  /** Whether the API server was seen to reach this operator by one of them. */
  readonly isReached: boolean;
  /** Undefined for a configuration that calls somebody else. */
  observe(configuration: KubeObject): ObservedWebhook | undefined;
  /** Called when something became known; the result ends it. */
  subscribe(handler: () => void): () => void;
}

/** What is known of pods that injection missed, and of labels that it cannot serve. */
export interface InjectionObserver {
  /** Undefined while nobody has looked. */
  missedOf(owner: Owner): readonly MissedPod[] | undefined;
  /** Pods with a proxy of the revision, by version; undefined while nobody has looked. */
  proxiesOf(revision: string): readonly ProxyCount[] | undefined;
  /** Labels in the whole cluster; undefined while nobody has looked. */
  listUnserved(): readonly UnservedLabel[] | undefined;
  /** Called with the owners (`namespace/name`) for whom something changed; the result ends it. */
  subscribe(listener: (owners: readonly string[] | 'all') => void): () => void;
}

/** What is known of kinds that cannot be read. */
export interface StalenessObserver {
  list(): StaleKind[];
  /** Called when kinds became stale, or current again; the result ends it. */
  subscribe(listener: () => void): () => void;
}

/** What the controller works with. */
export interface Dependencies {
  api: KubeApi;
  /** Decodes and renders one IstioOperator for the API server's version. */
  render: (resource: KubeObject, kubeVersion: string) => Result<Rendered> | Promise<Result<Rendered>>;
  digest: Digest;
  /** What this installation applies at all. */
  policy: InstallationPolicy;
  events: EventSink;
  /** Without it the status says nothing of webhooks. */
  webhooks?: WebhookObserver;
  /** Without it the status says nothing of pods without a sidecar. */
  auditor?: InjectionObserver;
  /** Without it the status says nothing of kinds that cannot be read. */
  staleness?: StalenessObserver;
  /** Milliseconds since the epoch. */
  now: () => number;
}

/** What is worth keeping between two passes. Losing it costs time, never correctness. */
export interface Memory {
  /** By owner's UID and object key. */
  gaps: Map<string, Map<string, KnownGap>>;
  /** By resource UID: what it renders by its spec. */
  claims: Map<string, Claims>;
  /** By resource key: how much the last pass that failed left to do. */
  left: Map<string, number>;
  /** Keys of resources whose gateways wait for an injector. */
  awaiting: Set<string>;
  /** By resource UID: when a pass read all straight from the API server. */
  readLiveAt: Map<string, number>;
  /** By resource UID: writes that were tried by dry run and are still to be done. */
  trials: Map<string, ReadonlyMap<string, Trial>>;
  pods: PodTroubles;
  /** By resource UID. */
  contests: Map<string, Contests>;
  /** By resource UID: the text of the plan that waits for approval. */
  planTexts: Map<string, { of: string; text: PlanText }>;
  /** By resource UID: since when a pass would remove tags, by object key. */
  leavingTags: Map<string, ReadonlyMap<string, number>>;
  /** Removals wait for each other: of two that end together, the last has to see that it is the last. */
  removal: Turns;
}

/** What another IstioOperator renders by its spec, and what it demands of the installation. */
export interface Claims {
  /** Generation and what else decides about the rendering. */
  spec: string;
  keys: ReadonlySet<string>;
  demands: Demands;
}

/** What a dry run of one write gave. */
export interface Trial {
  /** Absent: the write would be accepted. */
  refused?: RefusedChange;
  /** Of the resource, as far as it may change the answer. */
  version: string;
  /** Milliseconds since the epoch. */
  at: number;
}

export function createMemory(now: () => number): Memory {
  return {
    pods: new PodTroubles(now),
    contests: new Map(),
    gaps: new Map(),
    claims: new Map(),
    left: new Map(),
    awaiting: new Set(),
    readLiveAt: new Map(),
    trials: new Map(),
    leavingTags: new Map(),
    planTexts: new Map(),
    removal: new Turns(),
  };
}

/**
 * Drops what is kept of resources that are gone, by the UIDs and keys of those that are there. A pass that was under way
 * when its resource went may have noted something since.
 */
export function keepOnly(memory: Memory, living: { uids: ReadonlySet<string>; keys: ReadonlySet<string> }): void {
  const { gaps, claims, readLiveAt, trials, contests, leavingTags, planTexts, left, awaiting } = memory;
  for (const byUid of [gaps, claims, readLiveAt, trials, contests, leavingTags, planTexts])
    dropOthers(byUid, living.uids);
  for (const byKey of [left, awaiting]) dropOthers(byKey, living.keys);
}

function dropOthers(known: Map<string, unknown> | Set<string>, kept: ReadonlySet<string>): void {
  for (const key of known.keys()) if (!kept.has(key)) known.delete(key);
}

/** One pass over one IstioOperator. */
export interface Scope {
  deps: Dependencies;
  memory: Memory;
  contests: Contests;
  log: Log;
  /** Aborts when the operator must write no more. */
  signal: AbortSignal;
  /** As read at the start of the pass; its status follows what the pass writes. */
  resource: KubeObject;
  owner: Owner;
  uid: string;
  generation: number;
  status: IstioOperatorStatus;
  kubeVersion: string;
}

/** What it takes to know what a pass would do. */
export interface PlanScope extends Omit<Scope, 'deps' | 'contests'> {
  deps: Pick<Dependencies, 'api' | 'render' | 'digest' | 'policy' | 'now'>;
}

/** How a pass ended. */
export interface PassResult {
  reason: ConditionReason;
  requeueAfterMs?: number;
  /** The pass is to be repeated with back-off. */
  failure?: string;
  /** How much is left to do, when it failed: as long as this shrinks, the back-off begins anew. */
  left?: number;
}

/** Nothing more is written once the signal has aborted; between two objects is a safe point. */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new Error('the pass ended early: this replica stops or no longer leads');
}

import { PROXY_CONTAINER } from '../../api/istio-names.ts';
import { RENEWED_ANNOTATION } from '../../api/our-names.ts';
import type { KubeObject } from '../kube-object.ts';
import { describeReview, type ProxyReview } from '../proxies/review-proxy.ts';
import { describeTrouble } from '../status/pods/describe-trouble.ts';
import { findPodTrouble } from '../status/pods/pod-trouble.ts';
import { isSettled, timeOf, viewPod, type PodView } from '../status/pods/pod-view.ts';

/** A review, without the fields that it found: of thousands of pods they would be much. */
export interface ReviewSummary {
  state: ProxyReview['state'];
  /** In words, for people. */
  why: string;
}

export function summarizeReview(review: ProxyReview): ReviewSummary {
  return { state: review.state, why: describeReview(review) };
}

/** What a rollout has to know of a pod: nothing else is kept of it. */
export interface PodFacts {
  name: string;
  uid: string;
  labels: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  createdAt: number;
  /** Of its template, when it was made. */
  stamp: string | undefined;
  isTerminating: boolean;
  isReady: boolean;
  /** It waits for a node. */
  isPending: boolean;
  proxyRestarts: number;
  /** What keeps it from running, and does not pass by itself. */
  failure?: string;
  /** Undefined for a pod without a proxy. */
  review: ReviewSummary | undefined;
}

export function podFactsOf(pod: KubeObject, review: ReviewSummary | undefined, now: number): PodFacts {
  const { spec, status, metadata } = viewPod(pod);
  const isReady = isSettled(pod);
  const isPending = spec.nodeName === undefined && !isReady;
  // One that waits for a node has its own time limit: nodes may be on their way.
  const failure = isPending ? undefined : findFailure(pod, now);
  return {
    name: metadata.name,
    uid: String(metadata['uid']),
    labels: metadata.labels ?? {},
    createdAt: timeOf(metadata['creationTimestamp']) ?? now,
    stamp: metadata.annotations?.[RENEWED_ANNOTATION],
    isTerminating: metadata['deletionTimestamp'] !== undefined,
    isReady,
    isPending,
    proxyRestarts: restartsOf(status),
    ...(failure === undefined ? {} : { failure }),
    review,
  };
}

function findFailure(pod: KubeObject, now: number): string | undefined {
  const trouble = findPodTrouble(pod, now);
  const verdict = trouble && describeTrouble({ trouble, isFormer: false, alike: 0 });
  return verdict?.isFailure ? verdict.text : undefined;
}

function restartsOf({ initContainerStatuses = [], containerStatuses = [] }: PodView['status']): number {
  const proxy = [...initContainerStatuses, ...containerStatuses].find(({ name }) => name === PROXY_CONTAINER);
  return proxy?.restartCount ?? 0;
}

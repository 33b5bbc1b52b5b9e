import type { CompiledInjectionConfig } from '../../core/inject/compile-injection-config.ts';
import type { PodWebhook } from '../../core/inject/injection-webhooks.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { reviewProxy, type ReviewSurroundings } from '../../core/proxies/review-proxy.ts';
import { summarizeReview, type ReviewSummary } from '../../core/proxy-rollout/pod-facts.ts';

interface Known {
  /** Of the pod, and of the template that its successor would have. */
  version: string;
  namespace: KubeObject | undefined;
  /** The configurations that were asked for. */
  configs: readonly (readonly [PodWebhook, CompiledInjectionConfig | { problem: string }])[];
  review: ReviewSummary | undefined;
}

/**
 * Remembers what injection would make of pods as long as nothing has changed that it hangs on: looks at a rollout follow
 * each other within seconds, and between two of them few pods are new.
 */
export class ReviewMemo {
  #before = new Map<string, Known>();
  #now = new Map<string, Known>();
  #webhooks = '';

  /** Begins a look. What the last one did not ask for is forgotten. */
  beginLook(webhooks: readonly PodWebhook[]): void {
    const text = JSON.stringify(webhooks);
    this.#before = text === this.#webhooks ? this.#now : new Map<string, Known>();
    this.#now = new Map();
    this.#webhooks = text;
  }

  /** What the workload's next pod would be, compared with this one; undefined for a pod without a proxy. */
  review(
    pod: KubeObject,
    workload: KubeObject | undefined,
    surroundings: ReviewSurroundings,
  ): ReviewSummary | undefined {
    const uid = String(pod.metadata['uid']);
    const version = [pod, workload].map((each) => versionOf(each)).join(' ');
    const namespace = surroundings.namespaceOf(pod.metadata.namespace ?? '');
    const known = this.#before.get(uid);
    const isSame =
      known?.version === version &&
      known.namespace === namespace &&
      known.configs.every(([webhook, config]) => surroundings.configOf(webhook) === config);
    const fresh = isSame ? known : { version, namespace, ...judge(pod, workload, surroundings) };
    this.#now.set(uid, fresh);
    return fresh.review;
  }
}

/** The status of a workload changes often while it is renewed, its generation only with its spec. */
function versionOf(object: KubeObject | undefined): string {
  if (!object) return '';
  const { uid, generation, resourceVersion } = object.metadata;
  return `${String(uid)}/${String(object.kind === 'Pod' ? resourceVersion : generation)}`;
}

function judge(
  pod: KubeObject,
  workload: KubeObject | undefined,
  surroundings: ReviewSurroundings,
): Pick<Known, 'configs' | 'review'> {
  const configs: [PodWebhook, CompiledInjectionConfig | { problem: string }][] = [];
  const configOf: ReviewSurroundings['configOf'] = (webhook) => {
    const config = surroundings.configOf(webhook);
    configs.push([webhook, config]);
    return config;
  };
  const review = reviewProxy(pod, workload, { ...surroundings, configOf });
  return { configs, review: review && summarizeReview(review) };
}

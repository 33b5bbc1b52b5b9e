import { proxyVersionOf } from '../inject/count-proxies.ts';
import { ownerOf } from '../inject/pod-owner.ts';
import { revisionOfPod } from '../inject/pod-revision.ts';
import { isAlive, isInjected } from '../inject/missed-pods.ts';
import { groupBy } from '../group-by.ts';
import { isJsonObject, type KubeObject } from '../kube-object.ts';
import { describeReview, reviewProxy, type ProxyReview, type ReviewSurroundings } from './review-proxy.ts';

/** One proxy. */
export interface ListedProxy {
  namespace: string;
  pod: string;
  workload: { kind: string; name: string };
  /** Of the proxy's image; `unknown` where it has no tag. */
  version: string;
  /** Of the control plane that injected it; `default` for the one without a name. */
  revision: string;
  review: ProxyReview;
}

/** UID of the object that made a pod; undefined for a pod that nobody made. */
export function controllerUid({ metadata }: KubeObject): string | undefined {
  const references = Array.isArray(metadata['ownerReferences']) ? metadata['ownerReferences'] : [];
  const controller = references.filter(isJsonObject).find((reference) => reference.controller === true);
  return typeof controller?.uid === 'string' ? controller.uid : undefined;
}

/**
 * The proxies of all pods that run, each held to what injection would make now, by namespace and name. `workloads` are
 * the objects that made the pods (ReplicaSets, StatefulSets and so on), by UID.
 */
export function listProxies(
  pods: readonly KubeObject[],
  workloads: ReadonlyMap<string, KubeObject>,
  surroundings: ReviewSurroundings,
): ListedProxy[] {
  return pods
    .filter((pod) => isAlive(pod) && isInjected(pod))
    .flatMap((pod) => {
      const review = reviewProxy(pod, workloads.get(controllerUid(pod) ?? ''), surroundings);
      return review ? [toProxy(pod, review)] : [];
    })
    .sort((a, b) => compare(a.namespace, b.namespace) || compare(a.pod, b.pod));
}

function toProxy(pod: KubeObject, review: ProxyReview): ListedProxy {
  const { name, namespace = '', ...metadata } = pod.metadata;
  const { typeMeta, deploymentMeta } = ownerOf({ metadata: { ...metadata, name, namespace }, spec: {} });
  return {
    namespace,
    pod: name,
    workload: { kind: typeMeta.kind, name: deploymentMeta.name },
    version: proxyVersionOf(pod),
    revision: revisionOfPod(pod) ?? 'unknown',
    review,
  };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Proxies of one workload that are alike. */
export interface ProxyGroup extends Omit<ListedProxy, 'pod' | 'review'> {
  state: ProxyReview['state'];
  /** What differs, or why; empty for what is current. */
  detail: string;
  pods: number;
}

/** The same by workloads: pods of one that are alike are one line. */
export function groupProxies(proxies: readonly ListedProxy[]): ProxyGroup[] {
  const groups = groupBy(proxies, ({ namespace, workload, version, revision, review }) =>
    [namespace, workload.kind, workload.name, version, revision, review.state, describeReview(review)].join(' '),
  );
  return [...groups.values()].flatMap((alike) => {
    const [first] = alike;
    if (!first) return [];
    const { namespace, workload, version, revision, review } = first;
    const detail = describeReview(review);
    return [{ namespace, workload, version, revision, state: review.state, detail, pods: alike.length }];
  });
}

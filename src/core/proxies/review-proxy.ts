import { STATUS_ANNOTATION } from '../../api/istio-names.ts';
import type { CompiledInjectionConfig } from '../inject/compile-injection-config.ts';
import { inject } from '../inject/inject.ts';
import { selects, type PodWebhook } from '../inject/injection-webhooks.ts';
import { isInjected } from '../inject/missed-pods.ts';
import { ownerOf } from '../inject/pod-owner.ts';
import { parseRevisionPath } from '../inject/revision-path.ts';
import type { Pod } from '../inject/template-context.ts';
import { isJsonObject, type KubeObject } from '../kube-object.ts';
import { listSome } from '../list-some.ts';
import type { FieldDifference } from './field-differences.ts';
import { podAsCreated } from './pod-as-created.ts';
import { listProxyDifferences } from './proxy-differences.ts';

/** What injection would do with a pod's successor, compared with the pod. */
export type ProxyReview =
  /** The successor would have the same proxy. */
  | { state: 'current' }
  /** Another image, and nothing else. */
  | { state: 'image'; differences: readonly FieldDifference[] }
  | { state: 'changed'; differences: readonly FieldDifference[] }
  /** The successor would have no proxy. */
  | { state: 'losing'; why: string }
  /** There would be no successor: injection would refuse it. */
  | { state: 'refused'; why: string }
  /** Of a workload that the operator writes with its proxy in full, such as an ingress gateway: it renews it by itself. */
  | { state: 'installed'; why: string }
  /** Not by injection, but by istiod or by hand: gateways of the Gateway API, waypoints. */
  | { state: 'foreign'; why: string }
  /** It cannot be told, since something could not be read. */
  | { state: 'unknown'; why: string };

/** What injection knows. */
export interface ReviewSurroundings {
  webhooks: readonly PodWebhook[];
  namespaceOf: (name: string) => KubeObject | undefined;
  /** The configuration that stands behind a webhook. */
  configOf: (webhook: PodWebhook) => CompiledInjectionConfig | { problem: string };
  /** Whether the operator wrote the workload; where it is not asked, none counts as such. */
  isInstalled?: (kind: string, workload: { namespace: string; name: string }) => boolean;
}

/**
 * Injects the pod that a workload would create now in the place of a live one, and compares. Without a workload, for a
 * bare pod or an owner that cannot be read, the live pod is injected once more: then what injection added before and
 * would not add now is not seen.
 * @returns undefined for a pod without a proxy
 */
export function reviewProxy(
  pod: KubeObject,
  workload: KubeObject | undefined,
  surroundings: ReviewSurroundings,
): ProxyReview | undefined {
  if (!isInjected(pod)) return undefined;
  if (pod.metadata.annotations?.[STATUS_ANNOTATION] === undefined) {
    return reviewUninjected(pod, surroundings);
  }
  const live: Pod = { metadata: pod.metadata, spec: isJsonObject(pod['spec']) ? pod['spec'] : {} };
  const created = (workload && podAsCreated(pod, workload)) ?? live;
  const namespace = pod.metadata.namespace ?? '';
  const known = surroundings.namespaceOf(namespace);
  if (!known) return { state: 'unknown', why: `namespace ${namespace} could not be read` };
  return reviewCreated({ created, live, namespace: known }, surroundings);
}

function reviewUninjected({ metadata }: KubeObject, { isInstalled }: ReviewSurroundings): ProxyReview {
  const { typeMeta, deploymentMeta } = ownerOf({ metadata, spec: {} });
  return isInstalled?.(typeMeta.kind, deploymentMeta)
    ? { state: 'installed', why: 'it is of the installation: the operator renews it' }
    : { state: 'foreign', why: `it has no annotation ${STATUS_ANNOTATION}: injection did not make it` };
}

interface Reviewed {
  created: Pod;
  live: Pod;
  namespace: KubeObject;
}

function reviewCreated(
  { created, live, namespace }: Reviewed,
  { webhooks, configOf }: ReviewSurroundings,
): ProxyReview {
  const { name, labels: namespaceLabels = {}, annotations: namespaceAnnotations = {} } = namespace.metadata;
  const target = { namespace: name, namespaceLabels, podLabels: created.metadata.labels ?? {} };
  const webhook = webhooks.find((candidate) => selects(candidate, target));
  if (!webhook) return { state: 'losing', why: 'no injection webhook selects it any more' };
  const config = configOf(webhook);
  if ('problem' in config) return { state: 'unknown', why: config.problem };
  const { rest } = parseRevisionPath(webhook.path);
  const result = inject({ pod: created, namespace: name, path: rest, namespaceAnnotations }, config);
  if (result.outcome === 'denied') return { state: 'refused', why: result.message };
  if (result.outcome === 'skipped') return { state: 'losing', why: result.decision.message };
  return judge(listProxyDifferences({ created, injected: result.pod, live }));
}

const IMAGE = new RegExp(String.raw`^(containers|initContainers)\[[^\]]*\]\.image$`);

function judge(differences: readonly FieldDifference[]): ProxyReview {
  if (differences.length === 0) return { state: 'current' };
  return { state: differences.every(({ path }) => IMAGE.test(path)) ? 'image' : 'changed', differences };
}

/** In words, for a line of a table. */
export function describeReview(review: ProxyReview): string {
  switch (review.state) {
    case 'current':
      return '';
    case 'image':
    case 'changed':
      return listSome(review.differences.map(({ path }) => path));
    default:
      return review.why;
  }
}

import { PROXY_CONTAINER, STATUS_ANNOTATION } from '../../api/istio-names.ts';
import { listSome } from '../list-some.ts';
import { isJsonObject, type Json, type KubeObject } from '../kube-object.ts';
import type { Pausable } from '../pausable.ts';
import { decide, type InjectionPolicy } from './decide.ts';
import { selects, type PodWebhook } from './injection-webhooks.ts';
import type { Pod } from './template-context.ts';

/** What an audit looks at. */
export interface AuditInput {
  pods: readonly KubeObject[];
  namespaces: ReadonlyMap<string, KubeObject>;
  webhooks: readonly PodWebhook[];
  /** The policy behind a webhook; undefined when it is not known, and then nothing is said of its pods. */
  policyOf: (webhook: PodWebhook) => InjectionPolicy | undefined;
}

/** A pod that runs without the sidecar which it would get today. */
export interface MissedPod {
  namespace: string;
  name: string;
  webhook: PodWebhook;
}
/** Pods that a kubelet started from a file; admission cannot change them. */
const MIRROR_ANNOTATION = 'kubernetes.io/config.mirror';

/** Finds pods that one of the webhooks would inject if they were created now, and that have no sidecar. */
export function* findMissedPods({ pods, namespaces, webhooks, policyOf }: AuditInput): Pausable<MissedPod[]> {
  const missed: MissedPod[] = [];
  for (const pod of pods) {
    yield;
    if (!isAlive(pod) || isInjected(pod)) continue;
    const { name, namespace = '', labels = {} } = pod.metadata;
    const namespaceLabels = namespaces.get(namespace)?.metadata.labels;
    if (!namespaceLabels) continue;
    const target = { namespace, namespaceLabels, podLabels: labels };
    const webhook = webhooks.find((candidate) => selects(candidate, target));
    const policy = webhook && policyOf(webhook);
    if (policy && decide(podOf(pod), namespace, policy).inject) missed.push({ namespace, name, webhook });
  }
  return missed;
}

/** Whether a pod runs and admission could have changed it. */
export function isAlive(pod: KubeObject): boolean {
  const phase = isJsonObject(pod.status) ? pod.status.phase : undefined;
  if (phase === 'Succeeded' || phase === 'Failed') return false;
  return pod.metadata.deletionTimestamp === undefined && pod.metadata.annotations?.[MIRROR_ANNOTATION] === undefined;
}

/** Whether a pod carries what injection leaves behind. */
export function isInjected(pod: KubeObject): boolean {
  if (pod.metadata.annotations?.[STATUS_ANNOTATION] !== undefined) return true;
  const spec = isJsonObject(pod.spec) ? pod.spec : {};
  return [spec.containers, spec.initContainers].some(hasProxy);
}

function hasProxy(containers: Json | undefined): boolean {
  return (
    Array.isArray(containers) &&
    containers.some((container) => isJsonObject(container) && container.name === PROXY_CONTAINER)
  );
}

function podOf({ metadata, spec }: KubeObject): Pod {
  return { metadata, spec: isJsonObject(spec) ? spec : {} };
}

/** How many pods were missed and the first of them, for a person. */
export function describeMissedPods(missed: readonly MissedPod[]): string {
  const names = missed.map(({ namespace, name }) => `${namespace}/${name}`).sort();
  const verb = names.length === 1 ? 'pod has' : 'pods have';
  return `${names.length} ${verb} no sidecar although injection is asked for: ${listSome(names)}. Restart the workloads`;
}

import { proxyVersionOf } from '../inject/count-proxies.ts';
import { decide, type InjectionPolicy } from '../inject/decide.ts';
import { findUnselected, selects, type PodWebhook } from '../inject/injection-webhooks.ts';
import { isInjected } from '../inject/missed-pods.ts';
import { revisionOfPod } from '../inject/pod-revision.ts';
import { isJsonObject, type KubeObject } from '../kube-object.ts';
import type { MeshState } from '../mesh/mesh-state.ts';
import { readInjectionPolicy } from '../report/injection-state.ts';

/** Whether a pod has a proxy, and why a pod like it would have one now or not. */
export interface InjectionFacts {
  hasProxy: boolean;
  /** Of the proxy that is there. */
  revision: string | null;
  version: string | null;
  /** What would become of such a pod now; null where it cannot be told. */
  wouldInject: boolean | null;
  /** The webhook that selects it: its MutatingWebhookConfiguration. */
  webhook: string | null;
  /** A reason with a name, as metrics of injection have it; empty where no injector is asked. */
  reason: string;
  message: string;
}

/** The injection of a pod of the cluster. */
export function injectionOf(pod: KubeObject, mesh: MeshState): InjectionFacts {
  const hasProxy = isInjected(pod);
  return {
    hasProxy,
    revision: revisionOfPod(pod) ?? null,
    version: hasProxy ? proxyVersionOf(pod) : null,
    ...outcomeFor(pod, mesh),
  };
}

type Outcome = Pick<InjectionFacts, 'wouldInject' | 'webhook' | 'reason' | 'message'>;

function outcomeFor(pod: KubeObject, { webhooks, namespaces, objects }: MeshState): Outcome {
  const { namespace = '', labels: podLabels = {} } = pod.metadata;
  const known = namespaces.get(namespace);
  if (webhooks.length === 0) return untold('no injection webhook is installed', false);
  if (!known) return untold(`namespace ${namespace} could not be read`, null);
  const target = { namespace, namespaceLabels: known.metadata.labels ?? {}, podLabels };
  const webhook = webhooks.find((each) => selects(each, target));
  if (!webhook) return untold(whyUnselected(webhooks, target), false);
  const policy = readInjectionPolicy(objects, webhook);
  if ('problem' in policy) return { ...untold(policy.problem, null), webhook: webhook.configuration };
  return { ...decided(pod, namespace, policy), webhook: webhook.configuration };
}

function decided(pod: KubeObject, namespace: string, policy: InjectionPolicy): Omit<Outcome, 'webhook'> {
  const spec = isJsonObject(pod.spec) ? pod.spec : {};
  const { inject, reason, message } = decide({ metadata: pod.metadata, spec }, namespace, policy);
  return { wouldInject: inject, reason, message };
}

function untold(message: string, wouldInject: boolean | null): Outcome {
  return { wouldInject, webhook: null, reason: '', message };
}

/** The usual case is that nothing asks for injection: then all webhooks say about the same, and one is told. */
function whyUnselected(webhooks: readonly PodWebhook[], target: Parameters<typeof findUnselected>[1]): string {
  const [first] = webhooks;
  const cause = first && findUnselected(first, target);
  const others = webhooks.length - 1;
  return `no injection webhook selects it: ${cause ?? ''}${others > 0 ? ` (${first?.name ?? ''}; ${others} more)` : ''}`;
}

import {
  DATAPLANE_MODE_LABEL,
  INJECT_LABEL,
  NAMESPACE_INJECTION_LABEL,
  REVISION_LABEL,
  USUAL_NAMESPACE,
} from '../../../api/istio-names.ts';
import { isJsonObject, type JsonObject } from '../../kube-object.ts';
import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import { proxyImageOf, type DataView, type PodSpecView } from '../kubernetes-views.ts';
import { message, type Message } from '../messages.ts';
import { fullName, specAs, type Resource } from '../resource.ts';
import type { World } from '../world.ts';

/** The name of the ConfigMap that injection of a revision is configured by. */
export function injectorConfigMapName(revision: string | undefined): string {
  return revision && revision !== 'default' ? `istio-sidecar-injector-${revision}` : 'istio-sidecar-injector';
}

/** The Helm values in a ConfigMap of injection; empty when they are no JSON object. */
export function injectorValues(configMap: Resource): JsonObject {
  try {
    const values: unknown = JSON.parse(specAs<DataView>(configMap).data?.values ?? '');
    return isJsonObject(values) ? values : {};
  } catch {
    return {};
  }
}

function injectsByDefault(world: World, revision: string | undefined): boolean {
  const name = injectorConfigMapName(revision);
  const configMap = world.list(KIND.configMap).find((each) => each.name === name);
  const webhook = configMap && injectorValues(configMap).sidecarInjectorWebhook;
  return isJsonObject(webhook) && webhook.enableNamespacesByDefault === true;
}

/** Labels of a namespace that each ask for a way into the mesh. */
function competingLabels({ labels }: Resource): string[] {
  const { [NAMESPACE_INJECTION_LABEL]: enabled } = labels;
  const others = enabled === undefined || enabled === 'enabled' ? [REVISION_LABEL, DATAPLANE_MODE_LABEL] : [];
  return [NAMESPACE_INJECTION_LABEL, ...others]
    .filter((key) => key in labels)
    .map((key) => `${key}=${labels[key] ?? ''}`);
}

function checkNamespace(world: World, namespace: Resource): Message[] {
  const { labels, name } = namespace;
  const messages: Message[] = [];
  const competing = competingLabels(namespace);
  if (competing.length > 1) {
    const text = `The labels ${competing.join(', ')} contradict each other: keep one.`;
    messages.push(message('IST0123', namespace, text, 'metadata.labels'));
  }
  const isSettled = labels[NAMESPACE_INJECTION_LABEL] || REVISION_LABEL in labels;
  if (isSettled || labels[DATAPLANE_MODE_LABEL] === 'ambient') return messages;
  if (injectsByDefault(world, labels[REVISION_LABEL])) {
    messages.push(message('IST0148', namespace, `Namespace ${name} has no label and is injected by default.`));
  } else {
    const text = `Namespace ${name} is not injected: label it ${NAMESPACE_INJECTION_LABEL}=enabled, or ${NAMESPACE_INJECTION_LABEL}=disabled to say that this is meant.`;
    messages.push(message('IST0102', namespace, text, 'metadata.labels'));
  }
  return messages;
}

/** The namespaces whose pods get a proxy by the plain label. */
function isInjected(namespace: Resource): boolean {
  const { labels, name } = namespace;
  return (
    name !== USUAL_NAMESPACE &&
    labels[NAMESPACE_INJECTION_LABEL] === 'enabled' &&
    labels[DATAPLANE_MODE_LABEL] !== 'ambient'
  );
}

function checkPod(pod: Resource): Message[] {
  const asked = pod.labels[INJECT_LABEL] ?? pod.annotations[INJECT_LABEL];
  const spec = specAs<PodSpecView>(pod);
  if (asked?.toLowerCase() === 'false' || spec.hostNetwork || proxyImageOf(spec)) return [];
  const text = `Pod ${fullName(pod)} has no proxy although its namespace is injected: it was probably created before. Restart its workload.`;
  return [message('IST0103', pod, text, 'spec.containers')];
}

/** Namespaces outside the mesh or with contradicting labels, and pods without the proxy that they should have. */
export const namespaceInjection: Analyzer = {
  name: 'injection.Analyzer',
  inputs: [KIND.namespace, KIND.pod, KIND.configMap],
  analyze: (world) => {
    const namespaces = world.list(KIND.namespace);
    const injected = new Set(namespaces.filter(isInjected).map(({ name }) => name));
    return [
      ...namespaces
        .filter(({ name }) => name !== USUAL_NAMESPACE)
        .flatMap((namespace) => checkNamespace(world, namespace)),
      ...world
        .list(KIND.pod)
        .filter(({ namespace }) => injected.has(namespace))
        .flatMap(checkPod),
    ];
  },
};

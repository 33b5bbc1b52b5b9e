import type { LabelSelector, Labels } from '../label-selector.ts';

/** What analysis reads of Kubernetes' own kinds. */
export interface ContainerView {
  name?: string;
  image?: string;
  env?: readonly { name: string; value?: string }[];
  securityContext?: { runAsUser?: number };
}

export interface PodSpecView {
  containers?: readonly ContainerView[];
  initContainers?: readonly ContainerView[];
  securityContext?: { runAsUser?: number };
  hostNetwork?: boolean;
  nodeName?: string;
  serviceAccountName?: string;
}

export interface DeploymentView {
  template?: { metadata?: { labels?: Labels; annotations?: Labels }; spec?: PodSpecView };
}

export interface ServicePortView {
  name?: string;
  port: number;
  protocol?: string;
  appProtocol?: string;
  targetPort?: number | string;
}

export interface ServiceView {
  type?: string;
  clusterIP?: string;
  selector?: Labels;
  ports?: readonly ServicePortView[];
}

/** ConfigMap and Secret keep their content beside a spec, not in one. */
export interface DataView {
  data?: Labels;
}

export interface WebhookView {
  name: string;
  clientConfig?: { url?: string; service?: { name: string; namespace: string; path?: string } };
  namespaceSelector?: LabelSelector;
  objectSelector?: LabelSelector;
}

export interface WebhookConfigurationView {
  webhooks?: readonly WebhookView[];
}

export interface CustomResourceDefinitionView {
  group?: string;
  names?: { kind?: string };
}

export const PROXY_CONTAINER = 'istio-proxy';

/** All containers of a pod; a native sidecar is among the init containers. */
export function allContainers(pod: PodSpecView): readonly ContainerView[] {
  return [...(pod.containers ?? []), ...(pod.initContainers ?? [])];
}

/** The image of the proxy in a pod, or nothing when it has none. */
export function proxyImageOf(pod: PodSpecView): string | undefined {
  return allContainers(pod).find(({ name }) => name === PROXY_CONTAINER)?.image || undefined;
}

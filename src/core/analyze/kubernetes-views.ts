import { PROXY_CONTAINER } from '../../api/istio-names.ts';
import type { LabelSelector, Labels } from '../label-selector.ts';
import { KIND } from './kinds.ts';
import { specAs, type Resource } from './resource.ts';

/** What analysis reads of Kubernetes' own kinds. */
export interface ContainerView {
  name?: string;
  image?: string;
  env?: readonly { name: string; value?: string }[];
  ports?: readonly { name?: string; containerPort: number; protocol?: string }[];
  securityContext?: SecurityView;
}

/** User and group that a pod or container runs as. */
export interface SecurityView {
  runAsUser?: number;
  runAsGroup?: number;
}

export interface PodSpecView {
  containers?: readonly ContainerView[];
  initContainers?: readonly ContainerView[];
  securityContext?: SecurityView;
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

/** All containers of a pod; a native sidecar is among the init containers. */
export function allContainers(pod: PodSpecView): readonly ContainerView[] {
  return [...(pod.containers ?? []), ...(pod.initContainers ?? [])];
}

/** The image of the proxy in a pod, or nothing when it has none. */
export function proxyImageOf(pod: PodSpecView): string | undefined {
  return allContainers(pod).find(({ name }) => name === PROXY_CONTAINER)?.image || undefined;
}

/** The spec of a Pod, or of the pods of a Deployment. */
export function podSpecOf(resource: Resource): PodSpecView {
  return resource.kind === KIND.pod
    ? specAs<PodSpecView>(resource)
    : (specAs<DeploymentView>(resource).template?.spec ?? {});
}

/** A Gateway of the Gateway API. */
export interface KubernetesGatewayView {
  listeners?: { hostname?: string }[];
}

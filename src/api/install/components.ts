import * as z from 'zod';
import { flag, imageTag, kubeObject, text, textMap } from '../field-types.ts';
import { kubernetesSettings } from './kubernetes-settings.ts';

export const baseComponent = kubeObject('BaseComponent', () => ({
  enabled: flag.describe('Whether the cluster-wide parts (CRDs, roles, the validation webhook) are installed.'),
  k8s: kubernetesSettings.describe('Kubernetes settings and overlays.'),
}));

export const component = kubeObject('Component', () => ({
  enabled: flag.describe('Whether the component is installed.'),
  namespace: text.describe('Namespace of the component; else that of the control plane.'),
  hub: text.describe('Image registry and path of this component only.'),
  tag: imageTag.describe('Image tag of this component only.'),
  k8s: kubernetesSettings.describe('Kubernetes settings and overlays.'),
}));
export type Component = z.infer<typeof component>;

export const gatewayComponent = kubeObject('GatewayComponent', () => ({
  enabled: flag.describe('Whether the gateway is installed.'),
  namespace: text.describe('Namespace of the gateway; else that of the control plane.'),
  name: text.describe('Name of the gateway and of its objects.'),
  label: textMap.describe("Labels of the gateway's pods, which its Service selects."),
  hub: text.describe('Image registry and path of this gateway only.'),
  tag: imageTag.describe('Image tag of this gateway only.'),
  k8s: kubernetesSettings.describe('Kubernetes settings and overlays.'),
}));
export type GatewayComponent = z.infer<typeof gatewayComponent>;

export const components = kubeObject('Components', () => ({
  base: baseComponent.describe('Cluster-wide parts of Istio.'),
  pilot: component.describe('istiod, the control plane.'),
  cni: component.describe('The node agent that redirects traffic instead of an init container.'),
  ztunnel: component.describe('The node proxy of ambient mode.'),
  istiodRemote: component.describe('Stand-in for a control plane that runs in another cluster.'),
  ingressGateways: z.array(gatewayComponent).describe('Gateways for traffic into the mesh.'),
  egressGateways: z.array(gatewayComponent).describe('Gateways for traffic out of the mesh.'),
}));

import type { IstioTraits } from '../../../istio/traits.ts';
import { kubeGatewayTemplate } from './kube-gateway.ts';
import { gatewayTemplate } from './pods/gateway.ts';
import { grpcAgentTemplate, grpcSimpleTemplate } from './pods/grpc.ts';
import { sidecarTemplate } from './pods/sidecar.ts';
import { waypointTemplate } from './waypoint.ts';

/** The templates of istiod's Gateway API controller, by name. */
export function gatewayApiTemplates(traits: IstioTraits): Record<string, string> {
  return { 'kube-gateway': kubeGatewayTemplate(traits), waypoint: waypointTemplate(traits) };
}

/**
 * The templates for pods, by name, as text for an injector that is not ours: what it makes of them equals what the
 * builders of the same names make (core/inject/templates).
 */
export function podTemplates(traits: IstioTraits): Record<string, string> {
  return {
    sidecar: sidecarTemplate(traits),
    gateway: gatewayTemplate(traits),
    'grpc-simple': grpcSimpleTemplate(),
    'grpc-agent': grpcAgentTemplate(traits),
  };
}

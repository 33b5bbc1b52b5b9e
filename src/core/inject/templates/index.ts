import type { IstioTraits } from '../../istio/traits.ts';
import { InjectionError, type InjectionTemplate } from '../template-context.ts';
import { gateway } from './gateway.ts';
import { grpcAgent } from './grpc-agent.ts';
import { grpcSimple } from './grpc-simple.ts';
import { sidecar } from './sidecar.ts';

/** A name that belongs to Gateway resources: their controller uses it, a pod cannot. */
function forGatewaysOnly(name: string): InjectionTemplate {
  return () => {
    throw new InjectionError(
      `annotation inject.istio.io/templates: template ${name} is for Gateway resources, not for pods; use sidecar or gateway`,
    );
  };
}

const TEMPLATES: Readonly<Record<string, InjectionTemplate>> = {
  sidecar,
  gateway,
  'grpc-simple': grpcSimple,
  'grpc-agent': grpcAgent,
  waypoint: forGatewaysOnly('waypoint'),
  'kube-gateway': forGatewaysOnly('kube-gateway'),
  agentgateway: forGatewaysOnly('agentgateway'),
};
const AGENTGATEWAY_WAYPOINT = { 'agentgateway-waypoint': forGatewaysOnly('agentgateway-waypoint') };

/** The built-in injection templates by the names that pods and configurations use. */
export function injectionTemplates({
  hasAgentgatewayWaypoint,
}: IstioTraits): Readonly<Record<string, InjectionTemplate>> {
  return hasAgentgatewayWaypoint ? { ...TEMPLATES, ...AGENTGATEWAY_WAYPOINT } : TEMPLATES;
}

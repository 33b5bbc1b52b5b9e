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

/** The built-in injection templates by the names that pods and configurations use. */
export const INJECTION_TEMPLATES: Readonly<Record<string, InjectionTemplate>> = {
  sidecar,
  gateway,
  'grpc-simple': grpcSimple,
  'grpc-agent': grpcAgent,
  waypoint: forGatewaysOnly('waypoint'),
  'kube-gateway': forGatewaysOnly('kube-gateway'),
  agentgateway: forGatewaysOnly('agentgateway'),
  'agentgateway-waypoint': forGatewaysOnly('agentgateway-waypoint'),
};

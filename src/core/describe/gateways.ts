import type { Gateway } from '../../api/networking/gateway.ts';
import { GATEWAY_NAME_LABEL } from '../../api/istio-names.ts';
import { KIND } from '../analyze/kinds.ts';
import { fullName, specAs, type Resource } from '../analyze/resource.ts';
import type { World } from '../analyze/world.ts';
import { hasLabels } from '../label-selector.ts';
import type { Workload } from '../mtls/workload.ts';
import type { AppliedRoute } from './routes.ts';

/** A gateway that lets requests in. */
export interface AppliedGateway {
  resource: Resource;
  /** `443 HTTPS shop.example (TLS SIMPLE)`: one for each port. */
  servers: readonly string[];
  /** How many pods are it. */
  pods: number;
}

/** A Gateway of the Gateway API, as far as this looks at it. */
interface GatewayApiGateway {
  listeners?: readonly { port?: number; protocol?: string; hostname?: string; tls?: { mode?: string } }[];
}

/** The gateways that routes are for; names that there are none of are for analysis to tell. */
export function gatewaysOf(
  world: World,
  routes: readonly AppliedRoute[],
  workloads: readonly Workload[],
): AppliedGateway[] {
  const names = new Set(routes.flatMap(({ gateways }) => gateways));
  return allGateways(world)
    .filter((resource) => names.has(fullName(resource)))
    .map((resource) => applied(resource, workloads));
}

/** The gateways that a pod is. */
export function gatewaysAt(world: World, workload: Workload, workloads: readonly Workload[]): AppliedGateway[] {
  if (workload.carrier !== 'gateway') return [];
  return allGateways(world)
    .filter((resource) => isPodOf(workload, resource))
    .map((resource) => applied(resource, workloads));
}

function allGateways(world: World): Resource[] {
  return [...world.list(KIND.gateway), ...world.list(KIND.kubernetesGateway)];
}

/** Without a selector, every gateway is meant. */
function isPodOf({ labels, namespace, carrier }: Workload, resource: Resource): boolean {
  if (resource.kind === KIND.gateway) {
    return carrier === 'gateway' && hasLabels(labels, specAs<Gateway>(resource).selector);
  }
  return namespace === resource.namespace && labels[GATEWAY_NAME_LABEL] === resource.name;
}

function applied(resource: Resource, workloads: readonly Workload[]): AppliedGateway {
  return {
    resource,
    servers: serversOf(resource),
    pods: workloads.filter((workload) => isPodOf(workload, resource)).length,
  };
}

function serversOf(resource: Resource): string[] {
  if (resource.kind === KIND.gateway) {
    return (specAs<Gateway>(resource).servers ?? []).map(({ port, hosts = [], tls }) =>
      serverText({
        port: port?.number,
        protocol: port?.protocol,
        hosts,
        tls: tls?.httpsRedirect ? 'redirect' : tls?.mode,
      }),
    );
  }
  return (specAs<GatewayApiGateway>(resource).listeners ?? []).map(({ port, protocol, hostname = '*', tls }) =>
    serverText({ port, protocol, hosts: [hostname], tls: tls && (tls.mode ?? 'Terminate') }),
  );
}

interface ServerWords {
  port: number | undefined;
  protocol: string | undefined;
  hosts: readonly string[];
  tls: string | number | undefined;
}

function serverText({ port, protocol = '', hosts, tls }: ServerWords): string {
  return `${port ?? '?'} ${protocol} ${hosts.join(', ')}${tls === undefined ? '' : ` (TLS ${tls})`}`;
}

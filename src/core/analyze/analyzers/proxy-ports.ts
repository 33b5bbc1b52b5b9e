import { PROXY_CONTAINER } from '../../../api/istio-names.ts';
import type { Gateway } from '../../../api/networking/gateway.ts';
import type { Sidecar } from '../../../api/networking/sidecar.ts';
import { PROXY_PORTS } from '../../inject/proxy-ports.ts';
import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import { podSpecOf } from '../kubernetes-views.ts';
import { deploymentInMesh, isControlPlane, podInMesh } from '../mesh-membership.ts';
import { meshConfigOf } from '../mesh-settings.ts';
import { message, type Message } from '../messages.ts';
import { specAs, type Resource } from '../resource.ts';
import type { World } from '../world.ts';

type Ports = ReadonlyMap<number, string>;

/** What a gateway has beside the listeners of its servers; it captures no traffic. */
const OF_GATEWAYS: readonly number[] = [15000, 15020, 15021, 15090];
const OF_SIDECARS: readonly number[] = Object.keys(PROXY_PORTS).map(Number);

/** Ports of a proxy with what they are for, at the place to which the mesh configuration moves them. */
function proxyPorts(world: World, ports = OF_SIDECARS): Ports {
  const { proxyListenPort, proxyInboundListenPort, defaultConfig } = meshConfigOf(world);
  const moved = new Map<number, number | string | undefined>([
    [15000, defaultConfig?.proxyAdminPort],
    [15001, proxyListenPort],
    [15006, proxyInboundListenPort],
    [15020, defaultConfig?.statusPort],
  ]);
  return new Map(ports.map((port) => [Number(moved.get(port) ?? 0) || port, PROXY_PORTS[port] ?? ''] as const));
}

function check(resource: Resource, taken: Ports, { port, path }: { port: number; path: string }): Message[] {
  const use = taken.get(port);
  if (use === undefined) return [];
  const text = `The proxy has port ${String(port)} itself (${use}): one of the two cannot listen there. Choose another port.`;
  return [message('SWT0008', resource, text, path)];
}

function checkWorkload(resource: Resource, taken: Ports): Message[] {
  const base = resource.kind === KIND.pod ? 'spec' : 'spec.template.spec';
  const spec = podSpecOf(resource);
  return (['containers', 'initContainers'] as const).flatMap((field) =>
    (spec[field] ?? []).flatMap(({ name, ports = [] }, i) =>
      name === PROXY_CONTAINER
        ? []
        : ports.flatMap(({ containerPort, protocol = 'TCP' }, j) =>
            protocol === 'TCP'
              ? check(resource, taken, {
                  port: containerPort,
                  path: `${base}.${field}[${i}].ports[${j}].containerPort`,
                })
              : [],
          ),
    ),
  );
}

function checkGateway(resource: Resource, taken: Ports): Message[] {
  return (specAs<Gateway>(resource).servers ?? []).flatMap(({ port }, i) =>
    check(resource, taken, { port: port?.number ?? 0, path: `spec.servers[${i}].port.number` }),
  );
}

function checkSidecar(resource: Resource, taken: Ports): Message[] {
  const spec = specAs<Sidecar>(resource);
  return (['ingress', 'egress'] as const).flatMap((field) =>
    (spec[field] ?? []).flatMap(({ port }, i) =>
      check(resource, taken, { port: port?.number ?? 0, path: `spec.${field}[${i}].port.number` }),
    ),
  );
}

/** Containers of the mesh that listen where their proxy does. */
export const workloadPorts: Analyzer = {
  name: 'sailwright.ProxyPortAnalyzer',
  inputs: [KIND.pod, KIND.deployment, KIND.namespace, KIND.meshConfig],
  analyze: (world) => {
    const taken = proxyPorts(world);
    return [
      ...world.list(KIND.pod).filter((pod) => podInMesh(world, pod)),
      ...world.list(KIND.deployment).filter((deployment) => deploymentInMesh(world, deployment)),
    ]
      .filter((resource) => !isControlPlane(resource))
      .flatMap((resource) => checkWorkload(resource, taken));
  },
};

/** Gateways and Sidecars that make the proxy listen where it does already. */
export const listenerPorts: Analyzer = {
  name: 'sailwright.ProxyPortAnalyzer',
  inputs: [KIND.gateway, KIND.sidecar, KIND.meshConfig],
  atAdmission: [KIND.gateway, KIND.sidecar],
  analyze: (world) => {
    const [taken, ofGateways] = [proxyPorts(world), proxyPorts(world, OF_GATEWAYS)];
    return [
      ...world.list(KIND.gateway).flatMap((resource) => checkGateway(resource, ofGateways)),
      ...world.list(KIND.sidecar).flatMap((resource) => checkSidecar(resource, taken)),
    ];
  },
};

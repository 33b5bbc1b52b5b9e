import type { Gateway } from '../../../api/networking/gateway.ts';
import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import type { ServicePortView, ServiceView } from '../kubernetes-views.ts';
import { message, missing, podNeed, type Message } from '../messages.ts';
import { specAs, type Resource } from '../resource.ts';
import { hasLabels, selectorText, type Labels } from '../../label-selector.ts';
import type { World } from '../world.ts';

/** A gateway's selector that no pod carries. */
export function selectorNotFound(resource: Resource, selector: Labels | undefined): Message {
  const text = `selector not found: "${selectorText(selector)}". No pod carries these labels, so the gateway serves nothing.`;
  return missing(message('IST0101', resource, text, 'spec.selector'), podNeed(selector));
}

/** Ports by which the proxy can be reached: the target port that it listens on, and the port of the service. */
function reachable(ports: readonly ServicePortView[]): number[] {
  return ports
    .filter(({ protocol = 'TCP' }) => protocol === 'TCP')
    .flatMap(({ port, targetPort }) => {
      const target = Number(targetPort ?? 0);
      return Number.isInteger(target) && target !== 0 ? [port, target] : [port];
    });
}

function exposedPorts(world: World, pods: readonly Resource[]): Set<number> {
  const ports = pods.flatMap((pod) =>
    world.listIn(KIND.service, pod.namespace).flatMap((service) => {
      const { selector, ports: servicePorts = [] } = specAs<ServiceView>(service);
      return hasLabels(pod.labels, selector) ? reachable(servicePorts) : [];
    }),
  );
  return new Set(ports);
}

function check(world: World, resource: Resource): Message[] {
  const { selector, servers = [] } = specAs<Gateway>(resource);
  const pods = world.list(KIND.pod).filter((pod) => hasLabels(pod.labels, selector));
  if (pods.length === 0) return [selectorNotFound(resource, selector)];
  const exposed = exposedPorts(world, pods);
  const namespaces = new Set(pods.map(({ namespace }) => namespace));
  // Ports of an installation that nobody described are a guess.
  const isGuess = pods.every(({ origin }) => origin.implied);
  const needs = [...namespaces].map((namespace) =>
    isGuess ? podNeed(selector, namespace) : { kind: KIND.service, name: selectorText(selector), namespace },
  );
  return servers.flatMap(({ port }, i) => {
    if (!port || exposed.has(port.number ?? 0)) return [];
    const text = `Port ${String(port.number ?? 0)} is not exposed by a Service of the pods with ${selectorText(selector)}: clients cannot reach it. Add the port to the gateway's Service.`;
    return [missing(message('IST0162', resource, text, `spec.servers[${i}].port.number`), ...needs)];
  });
}

/** Ports of gateways against the services in front of them. */
export const gatewayPorts: Analyzer = {
  name: 'gateway.IngressGatewayPortAnalyzer',
  inputs: [KIND.gateway, KIND.pod, KIND.service],
  analyze: (world) => world.list(KIND.gateway).flatMap((resource) => check(world, resource)),
};

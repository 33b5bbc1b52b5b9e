/** Where packets to a range of addresses go. */
export interface Route {
  readonly to: string;
  readonly via: string;
}

/** An address with its prefix length, and what lies beyond. */
export interface NetworkPlan {
  readonly address: string;
  readonly routes: readonly Route[];
}

/** Where nodes and pods reach the API server and the names of the cluster. The certificates name it, too (pki.go). */
export const CONTROL_PLANE = '10.10.0.1';
/** What Services get their addresses from. */
export const SERVICES = '10.96.0.0/16';
/** Addresses to give to Services of type LoadBalancer: they are routed to the first node. */
export const LOAD_BALANCERS = '10.97.0.0/24';
/** What pods get their addresses from, a part of it on each node. */
export const PODS = '10.244.0.0/16';

/** More do not fit into the ranges. */
export const MOST_NODES = 9;

/** Address of a node; the first has number 1. */
export function nodeAddress(number: number): string {
  return `10.10.0.${10 + number}`;
}

/** What the pods of a node get their addresses from. */
export function podRange(number: number): string {
  return `10.244.${number}.0/24`;
}

/** A network that passes packets on, but for some ranges. */
export interface FabricPlan extends NetworkPlan {
  readonly refused: readonly string[];
}

/**
 * The fabric as the control plane sees it: pods through their nodes, Services through the first one. What a node sends
 * on to a Service's address is for none that there is.
 */
export function planFabric(size: number): FabricPlan {
  const first = nodeAddress(1);
  const services = [SERVICES, LOAD_BALANCERS];
  return {
    address: `${CONTROL_PLANE}/24`,
    routes: [...routesToPods(size, 0), ...services.map((to) => ({ to, via: first }))],
    refused: services,
  };
}

/**
 * The fabric as a node sees it. Addresses of Services are rewritten on the node before they are sent, but a program on
 * the node itself gets that far only when there is a route.
 */
export function planNode(number: number, size: number): NetworkPlan {
  return {
    address: `${nodeAddress(number)}/24`,
    routes: [
      ...routesToPods(size, number),
      { to: SERVICES, via: CONTROL_PLANE },
      { to: LOAD_BALANCERS, via: CONTROL_PLANE },
    ],
  };
}

function routesToPods(size: number, from: number): Route[] {
  const numbers = Array.from({ length: size }, (_, index) => index + 1);
  return numbers.filter((other) => other !== from).map((other) => ({ to: podRange(other), via: nodeAddress(other) }));
}

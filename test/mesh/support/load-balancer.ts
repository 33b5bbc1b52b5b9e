// What stands in front of a real cluster: clients reach the gateway by its nodes, and a node without one is left out.
import type { Kubectl } from '../../../testbed/kubectl.ts';
import { nodeAddress } from '../../../testbed/real/addresses.ts';

interface Service {
  spec: { healthCheckNodePort?: number; ports: { port: number; nodePort: number }[] };
}

/**
 * Flags of `testbed-traffic load` for a balancer that sends to port 80 of the ingress gateway on two nodes, and takes
 * out a node whose kube-proxy says twice that it has no gateway, or does not answer: as those of clouds do with Services
 * of `externalTrafficPolicy: Local`. What a node does not answer in 5 s is sent to the other one, and counted.
 */
export async function balanceOverNodes(kubectl: Kubectl): Promise<string[]> {
  const text = await kubectl(['-n', 'istio-system', 'get', 'service', 'istio-ingressgateway', '-o', 'json']);
  const { healthCheckNodePort, ports } = (JSON.parse(text) as Service).spec;
  const nodePort = ports.find(({ port }) => port === 80)?.nodePort;
  if (nodePort === undefined || healthCheckNodePort === undefined) throw new Error(`no ports of nodes: ${text}`);
  const entries = [1, 2].map((number) => {
    const address = nodeAddress(number);
    return `-entry=${address}:${nodePort}=http://${address}:${healthCheckNodePort}/healthz`;
  });
  return ['-url=http://balancer/', '-timeout=5s', ...entries];
}

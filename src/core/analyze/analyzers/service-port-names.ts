import { MANAGED_GATEWAY_LABEL } from '../../../api/istio-names.ts';
import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import type { ServicePortView, ServiceView } from '../kubernetes-views.ts';
import { isControlPlane } from '../mesh-membership.ts';
import { message, type Message } from '../messages.ts';
import { specAs, type Resource } from '../resource.ts';

const PROTOCOLS = [
  'tcp',
  'udp',
  'grpc',
  'grpc-web',
  'http',
  'http_proxy',
  'http2',
  'https',
  'tls',
  'mongo',
  'redis',
  'mysql',
];
const STANDARD_APP_PROTOCOLS = ['kubernetes.io/h2c', 'kubernetes.io/ws', 'kubernetes.io/wss'];
/** Ports of SMTP, DNS, MySQL and MongoDB, which are TCP whatever their name. */
const PLAIN_TCP_PORTS = [25, 53, 3306, 27017];
const OWN_CONTROLLERS = ['istio.io-gateway-controller', 'istio.io-mesh-controller', 'istio.io-eastwest-controller'];

/** Whether the name or appProtocol of a port tells its protocol. */
function tellsProtocol({ port, name = '', protocol, appProtocol }: ServicePortView): boolean {
  if (protocol === 'UDP' || PLAIN_TCP_PORTS.includes(port)) return true;
  if (appProtocol !== undefined && STANDARD_APP_PROTOCOLS.includes(appProtocol)) return true;
  const text = (appProtocol ?? name).toLowerCase();
  if (text.startsWith('grpc-web')) return true;
  const dash = text.indexOf('-');
  return PROTOCOLS.includes(dash < 0 ? text : text.slice(0, dash));
}

function check(resource: Resource): Message[] {
  const { type, ports = [] } = specAs<ServiceView>(resource);
  return ports.flatMap((port, i) => {
    const path = `spec.ports[${i}].name`;
    const external = type === 'ExternalName';
    if (tellsProtocol(port) && !(external && port.name === 'tcp')) return [];
    if (external) {
      const text =
        'A port of an ExternalName service that is named tcp, or not by its protocol, captures traffic of all hosts at this port: name it by its protocol, such as https.';
      return [message('IST0150', resource, text, path)];
    }
    const text = `Port ${String(port.port)}${port.name ? ` ("${port.name}")` : ''} does not tell its protocol: name it like http-web, or set appProtocol. Without, Istio guesses.`;
    return [message('IST0118', resource, text, path)];
  });
}

/** Ports of services whose name does not tell the protocol. */
export const servicePortNames: Analyzer = {
  name: 'service.PortNameAnalyzer',
  inputs: [KIND.service],
  analyze: (world) =>
    world
      .list(KIND.service)
      .filter((resource) => !isControlPlane(resource))
      .filter(({ labels }) => !OWN_CONTROLLERS.includes(labels[MANAGED_GATEWAY_LABEL] ?? ''))
      .flatMap(check),
};

import type { ServiceEntry } from '../../api/networking/service-entry.ts';
import { exportScopes, toFqdn } from '../analyze/hosts.ts';
import { KIND } from '../analyze/kinds.ts';
import type { ServicePortView, ServiceView } from '../analyze/kubernetes-views.ts';
import { exportScopesOfService } from '../analyze/service-hosts.ts';
import { specAs, type Resource } from '../analyze/resource.ts';
import type { World } from '../analyze/world.ts';
import type { Labels } from '../label-selector.ts';

/** What proxies take the traffic of a port for: they look into it where nothing tells (`auto`). */
export type Protocol = 'http' | 'tcp' | 'auto';

/** A port of a service. */
export interface DestinationPort {
  number: number;
  protocol: Protocol;
  /** Port of the workload: a number, or the name that a container gives it. */
  target: number | string;
}

/** A host that can be called: of a Service, or one of a ServiceEntry. */
export interface Destination {
  host: string;
  namespace: string;
  ports: readonly DestinationPort[];
  resource: Resource;
  /** Outside of the mesh: no mutual TLS unless a DestinationRule says so. */
  isExternal: boolean;
  /** Clients call pods by their own addresses, as those of a headless service: all are treated alike. */
  isDirect: boolean;
  /** Labels of its pods; undefined where nothing selects any. */
  selector: Labels | undefined;
  /** Namespaces that see it; `*` is all. */
  scopes: readonly string[];
}

const HTTP = ['http', 'http2', 'grpc', 'grpc-web', 'http_proxy', 'kubernetes.io/h2c', 'kubernetes.io/ws'];
const TCP = ['tcp', 'tls', 'https', 'mongo', 'redis', 'mysql', 'kubernetes.io/wss'];
/** SMTP, DNS, MySQL and MongoDB: the server speaks first, so nobody looks into it. */
const PLAIN_TCP_PORTS = [25, 53, 3306, 27017];

/** All that can be called in a mesh, by host. */
export function destinationsOf(world: World): Destination[] {
  const services = world.list(KIND.service).flatMap(ofService);
  return [...services, ...world.list(KIND.serviceEntry).flatMap(ofServiceEntry)];
}

/** An ExternalName is another name of a host, no service of its own. */
function ofService(resource: Resource): Destination[] {
  const { type, clusterIP, selector, ports = [] } = specAs<ServiceView>(resource);
  if (type === 'ExternalName') return [];
  const { name, namespace } = resource;
  return [
    {
      host: toFqdn(name, namespace),
      namespace,
      ports: ports.filter(({ protocol = 'TCP' }) => protocol === 'TCP').map(ofServicePort),
      resource,
      isExternal: false,
      isDirect: clusterIP === 'None',
      selector: selector && Object.keys(selector).length > 0 ? selector : undefined,
      scopes: exportScopesOfService(resource),
    },
  ];
}

function ofServicePort({ port, name = '', appProtocol, targetPort }: ServicePortView): DestinationPort {
  return { number: port, protocol: protocolOf(appProtocol ?? name, port), target: targetPort ?? port };
}

function ofServiceEntry(resource: Resource): Destination[] {
  const { hosts = [], ports = [], ...entry } = specAs<ServiceEntry>(resource);
  const { namespace } = resource;
  const common = {
    namespace,
    ports: ports.map(({ number = 0, protocol = '', targetPort }) => ({
      number,
      protocol: protocolOf(protocol, number),
      target: targetPort || number,
    })),
    resource,
    isExternal: entry.location !== 'MESH_INTERNAL',
    isDirect: (entry.resolution ?? 'NONE') === 'NONE',
    selector: entry.workloadSelector && (entry.workloadSelector.labels ?? {}),
    scopes: exportScopes(entry.exportTo, namespace),
  };
  return hosts.map((host) => ({ ...common, host: toFqdn(host, namespace) }));
}

/** By the name of the port as far as the first hyphen, or by what it is declared to be. */
function protocolOf(declared: string, port: number): Protocol {
  const text = declared.toLowerCase();
  const [start = ''] = text.startsWith('grpc-web') ? ['grpc-web'] : text.split('-');
  for (const word of [text, start]) {
    if (HTTP.includes(word)) return 'http';
    if (TCP.includes(word)) return 'tcp';
  }
  return PLAIN_TCP_PORTS.includes(port) ? 'tcp' : 'auto';
}

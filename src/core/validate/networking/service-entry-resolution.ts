import type { ServiceEntry } from '../../../api/networking/service-entry.ts';
import type { WorkloadEntry } from '../../../api/networking/workload-entry.ts';
import type { Findings } from '../findings.ts';
import { findFqdnFault } from '../rules/host-name.ts';
import { isIpAddress } from '../rules/ip.ts';
import { checkLabels } from '../rules/label.ts';
import { isTcp, parseProtocol, type Protocol } from '../rules/protocol.ts';
import { checkEndpoint, checkEndpointPorts } from './workload-entry.ts';

type Labels = Readonly<Record<string, string>>;

const USE_WAYPOINT = 'istio.io/use-waypoint';
/** What Envoy's dynamic forward proxy can look up hosts for. */
const DYNAMIC_PROTOCOLS: ReadonlySet<Protocol> = new Set<Protocol>(['HTTP', 'TLS', 'GRPC', 'HTTP2']);

/** Records what does not go with how addresses of the service are found. */
export function checkResolution(spec: ServiceEntry, labels: Labels, findings: Findings): void {
  const { resolution = 'NONE', endpoints = [], ports = [], workloadSelector } = spec;
  const servicePorts = new Set(ports.map(({ name = '' }) => name));
  switch (resolution) {
    case 'NONE':
      if (endpoints.length > 0) {
        findings.error(
          'spec.endpoints',
          'EndpointsUnused',
          'are never used when resolution is NONE: use STATIC or DNS',
        );
      }
      if (workloadSelector) {
        findings.warn('spec.workloadSelector', 'SelectorUnused', 'has no effect when resolution is NONE');
      }
      break;
    case 'STATIC':
      endpoints.forEach((endpoint, i) =>
        checkEndpoint(endpoint, { path: `spec.endpoints[${i}]`, servicePorts }, findings),
      );
      break;
    case 'DNS':
    case 'DNS_ROUND_ROBIN':
      checkDns(spec, servicePorts, findings);
      break;
    case 'DYNAMIC_DNS':
      checkDynamicDns(spec, labels, findings);
      break;
    default:
      findings.error('spec.resolution', 'ResolutionUnknown', `${resolution} is not a way of resolution`);
  }
}

function checkDns(spec: ServiceEntry, servicePorts: ReadonlySet<string>, findings: Findings): void {
  const { resolution, hosts = [], endpoints = [] } = spec;
  const wrong = endpoints.length > 0 ? -1 : hosts.findIndex((host) => findFqdnFault(host) !== undefined);
  if (wrong >= 0) {
    const message = `${JSON.stringify(hosts[wrong])} cannot be looked up: name the whole host without *, or give endpoints`;
    findings.error(`spec.hosts[${wrong}]`, 'HostNotResolvable', message);
  }
  if (resolution === 'DNS_ROUND_ROBIN' && endpoints.length > 1) {
    findings.error('spec.endpoints', 'EndpointsTooMany', 'may hold one endpoint when resolution is DNS_ROUND_ROBIN');
  }
  endpoints.forEach((endpoint, i) => checkDnsEndpoint(endpoint, servicePorts, `spec.endpoints[${i}]`, findings));
  warnOfIndistinctHosts(spec, findings);
}

function checkDnsEndpoint(
  { address = '', labels, ports }: WorkloadEntry,
  servicePorts: ReadonlySet<string>,
  path: string,
  findings: Findings,
): void {
  if (!isIpAddress(address)) findings.check(`${path}.address`, findFqdnFault(address));
  checkLabels(labels, `${path}.labels`, findings);
  checkEndpointPorts(ports, { path: `${path}.ports`, servicePorts }, findings);
}

function warnOfIndistinctHosts({ addresses, ports = [], hosts = [] }: ServiceEntry, findings: Findings): void {
  if (!addresses || hosts.length < 2 || !ports.some(({ protocol }) => isTcp(parseProtocol(protocol)))) return;
  const message = 'has several hosts with addresses and a TCP port, where nothing tells them apart';
  findings.warn('spec.hosts', 'HostsIndistinct', message);
}

function checkDynamicDns(spec: ServiceEntry, labels: Labels, findings: Findings): void {
  const { hosts = [], addresses, endpoints, ports = [], location = 'MESH_EXTERNAL' } = spec;
  hosts.forEach((host, i) => {
    if (host.startsWith('*')) return;
    findings.error(`spec.hosts[${i}]`, 'HostNotWildcard', 'must start with * when resolution is DYNAMIC_DNS');
  });
  for (const [field, value] of Object.entries({ addresses, endpoints })) {
    if (value === undefined) continue;
    findings.error(`spec.${field}`, 'ResolutionConflict', 'cannot be set when resolution is DYNAMIC_DNS');
  }
  ports.forEach(({ protocol }, i) => {
    if (DYNAMIC_PROTOCOLS.has(parseProtocol(protocol))) return;
    const message = 'must be HTTP, HTTP2, GRPC or TLS when resolution is DYNAMIC_DNS';
    findings.error(`spec.ports[${i}].protocol`, 'ProtocolUnsupported', message);
  });
  const waypoint = labels[USE_WAYPOINT] ?? '';
  const hasWaypoint = waypoint !== '' && waypoint.toLowerCase() !== 'none';
  if (location === 'MESH_EXTERNAL' || (location === 'MESH_INTERNAL' && !hasWaypoint)) return;
  const cause =
    location === 'MESH_INTERNAL' ? 'MESH_INTERNAL does not work with a waypoint' : `${location} is not a location`;
  findings.error('spec.location', 'ResolutionConflict', `${cause} when resolution is DYNAMIC_DNS: use MESH_EXTERNAL`);
}

import type { WorkloadEntry } from '../../../api/networking/workload-entry.ts';
import { fieldPath } from '../../../api/field-path.ts';
import type { Finding, Subject } from '../finding.ts';
import { Findings } from '../findings.ts';
import { findFqdnFault } from '../rules/host-name.ts';
import { findIpAddressFault, isIpAddress } from '../rules/ip.ts';
import { checkLabels } from '../rules/label.ts';
import { findPortNameFault } from '../rules/port-name.ts';
import { findPortFault } from '../rules/port.ts';
import { findUnixAddressFault, UNIX_PREFIX } from '../rules/unix-address.ts';

/** A workload outside of Kubernetes. */
export function validateWorkloadEntry({ spec }: Subject<WorkloadEntry>): Finding[] {
  const findings = new Findings();
  checkEndpoint(spec, { path: 'spec' }, findings);
  return findings.list;
}

/** Where an endpoint stands, and what the ServiceEntry around it says. */
export interface EndpointContext {
  path: string;
  /** Names of the ports of the service; absent when the endpoint stands alone and may have a host name. */
  servicePorts?: ReadonlySet<string>;
}

/** Records what is wrong with one endpoint. */
export function checkEndpoint(endpoint: WorkloadEntry, context: EndpointContext, findings: Findings): void {
  const { path, servicePorts } = context;
  const { address = '', network = '', ports, labels } = endpoint;
  if (address === '' && network === '') {
    findings.error(`${path}.address`, 'AddressMissing', 'needs an address, or a network that has a gateway');
    return;
  }
  checkAddress(endpoint, context, findings);
  checkEndpointPorts(ports, { ...context, path: `${path}.ports` }, findings);
  checkLabels(labels, `${path}.labels`, findings);
  if (address.startsWith(UNIX_PREFIX) && servicePorts && servicePorts.size !== 1) {
    findings.error(`${path}.address`, 'SocketNeedsOnePort', 'is a socket: the service must have exactly one port');
  }
}

function checkAddress(endpoint: WorkloadEntry, { path, servicePorts }: EndpointContext, findings: Findings): void {
  const { address = '', network = '' } = endpoint;
  if (address === '') {
    const message = `is not set: only gateways of the network ${JSON.stringify(network)} lead there`;
    findings.warn(`${path}.address`, 'AddressMissing', message);
  } else if (address.startsWith(UNIX_PREFIX)) checkSocket(endpoint, path, findings);
  else if (!isIpAddress(address)) {
    findings.check(`${path}.address`, servicePorts ? findIpAddressFault(address) : findFqdnFault(address));
  }
}

/** Records ports of an endpoint that are none, or that its service does not have. */
export function checkEndpointPorts(
  ports: Readonly<Record<string, number>> | undefined,
  { path, servicePorts }: EndpointContext,
  findings: Findings,
): void {
  for (const [name, port] of Object.entries(ports ?? {})) {
    const item = fieldPath(path, name);
    if (servicePorts && !servicePorts.has(name)) {
      findings.error(item, 'PortUndefined', `${JSON.stringify(name)} is not the name of a port of this service`);
    }
    findings.check(item, findPortNameFault(name));
    findings.check(item, findPortFault(port));
  }
}

function checkSocket({ address = '', ports = {} }: WorkloadEntry, path: string, findings: Findings): void {
  findings.check(`${path}.address`, findUnixAddressFault(address.slice(UNIX_PREFIX.length)));
  if (Object.keys(ports).length === 0) return;
  findings.error(`${path}.ports`, 'PortWithSocket', 'must be left out: the address is a Unix domain socket');
}

import type { ServiceEntry } from '../../../api/networking/service-entry.ts';
import type { Finding, Subject } from '../finding.ts';
import { Findings } from '../findings.ts';
import { checkExportTo } from '../rules/export-to.ts';
import { findWildcardDomainFault, isPartialWildcard, partialWildcardFault } from '../rules/host-name.ts';
import { findSubnetFault } from '../rules/ip.ts';
import { findPortNameFault } from '../rules/port-name.ts';
import { findPortFault } from '../rules/port.ts';
import { findProtocolFault, isHttp, isTls, parseProtocol } from '../rules/protocol.ts';
import { checkWorkloadSelector } from '../rules/workload-selector.ts';
import { checkResolution } from './service-entry-resolution.ts';
import { warnOfWideAddresses } from './service-entry-addresses.ts';

type Labels = Readonly<Record<string, string>>;

const AUTO_ALLOCATION = 'networking.istio.io/enable-autoallocate-ip';

/** Adds a service to the registry of the mesh. */
export function validateServiceEntry({ spec, namespace, labels, traits }: Subject<ServiceEntry>): Finding[] {
  const findings = new Findings();
  const { workloadSelector, endpoints, exportTo } = spec;
  if (!checkWorkloadSelector(workloadSelector, 'spec.workloadSelector', findings)) return findings.list;
  if (workloadSelector && endpoints) {
    findings.error('spec', 'EndpointsConflict', 'workloadSelector and endpoints exclude each other: keep one of them');
  }
  checkHosts(spec, findings);
  checkAddresses(spec, findings);
  if (traits.warnsOfWideAddresses) warnOfWideAddresses(spec, findings);
  checkPorts(spec, { hasAutoAllocation: allocatesAddresses(spec, labels) }, findings);
  checkResolution(spec, labels, findings);
  checkSeveralHosts(spec, findings);
  checkExportTo(exportTo, { namespace, path: 'spec.exportTo', isServiceEntry: true }, findings);
  return findings.list;
}

function checkHosts({ hosts = [], resolution }: ServiceEntry, findings: Findings): void {
  if (hosts.length === 0) findings.error('spec.hosts', 'HostsMissing', 'needs at least one host');
  hosts.forEach((host, i) => {
    const path = `spec.hosts[${i}]`;
    if (host === '*') findings.error(path, 'HostWildcard', '* alone is not allowed: name hosts, such as *.example.com');
    else findings.check(path, findWildcardDomainFault(host));
    if (resolution === 'DYNAMIC_DNS' || !isPartialWildcard(host)) return;
    const { code, message } = partialWildcardFault(host);
    findings.warn(path, code, message);
  });
}

function checkAddresses({ addresses = [], resolution = 'NONE' }: ServiceEntry, findings: Findings): void {
  addresses.forEach((address, i) => findings.check(`spec.addresses[${i}]`, findSubnetFault(address)));
  if (resolution === 'NONE' || resolution === 'STATIC' || !addresses.some((address) => address.includes('/'))) return;
  const message = `may hold ranges only when resolution is NONE or STATIC, not ${resolution}`;
  findings.error('spec.addresses', 'AddressRangeUnsupported', message);
}

function checkPorts(
  { ports = [], addresses }: ServiceEntry,
  { hasAutoAllocation }: { hasAutoAllocation: boolean },
  findings: Findings,
): void {
  const names = new Set<string>();
  const numbers = new Set<number>();
  ports.forEach(({ name = '', number = 0, protocol = '', targetPort = 0 }, i) => {
    const path = `spec.ports[${i}]`;
    if (names.has(name)) findings.error(`${path}.name`, 'PortNameDuplicate', `${JSON.stringify(name)} is used twice`);
    if (numbers.has(number)) findings.error(`${path}.number`, 'PortDuplicate', `${number} is used twice`);
    names.add(name);
    numbers.add(number);
    if (targetPort !== 0) findings.check(`${path}.targetPort`, findPortFault(targetPort));
    if (!addresses && !hasAutoAllocation && (protocol === '' || protocol === 'TCP')) {
      const message =
        'cannot tell its service from others on the same port: give addresses, or let Istio allocate them';
      findings.warn(path, 'AddressesMissing', message);
    }
    findings.check(`${path}.name`, findPortNameFault(name));
    findings.check(`${path}.protocol`, findProtocolFault(protocol));
    findings.check(`${path}.number`, findPortFault(number));
  });
}

/** Plain TCP does not tell which of several hosts is meant. */
function checkSeveralHosts({ hosts = [], ports = [], resolution = 'NONE' }: ServiceEntry, findings: Findings): void {
  if (resolution === 'NONE' || hosts.length < 2) return;
  const index = ports.findIndex(({ protocol }) => {
    const parsed = parseProtocol(protocol);
    return !isHttp(parsed) && !isTls(parsed);
  });
  if (index < 0) return;
  const message =
    'is neither HTTP nor TLS, where nothing tells several hosts apart: use one ServiceEntry for each host';
  findings.error(`spec.ports[${index}].protocol`, 'HostsIndistinct', message);
}

/** Whether Istio gives the hosts addresses of their own. */
function allocatesAddresses({ addresses, resolution = 'NONE' }: ServiceEntry, labels: Labels): boolean {
  return !addresses && resolution !== 'NONE' && (labels[AUTO_ALLOCATION] ?? '').toLowerCase() !== 'false';
}

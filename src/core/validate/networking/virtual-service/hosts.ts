import type { VirtualService } from '../../../../api/networking/virtual-service.ts';
import type { Fault, Findings } from '../../findings.ts';
import { findSniHostFault, findWildcardDomainFault } from '../../rules/host-name.ts';
import { findHostOverlaps } from '../../rules/host-overlaps.ts';
import { isIpAddress } from '../../rules/ip.ts';
import { isBoundToGateway } from './mesh-gateway.ts';

/** Records hosts that are none, and hosts that are listed twice, where a wildcard counts as all that it stands for. */
export function checkHosts(spec: VirtualService, findings: Findings): void {
  const { hosts = [], tls = [] } = spec;
  const isAtGateway = isBoundToGateway(spec);
  const hasSni = tls.some(({ match = [] }) => match.some(({ sniHosts }) => sniHosts !== undefined));
  const findFault = isAtGateway && hasSni ? findSniHostFault : findWildcardDomainFault;
  let areGood = true;
  hosts.forEach((host, i) => {
    const fault = findFault(host);
    const meant = fault && isIpAddress(host) ? undefined : (fault ?? findMeshWildcardFault(host, isAtGateway));
    areGood = findings.check(`spec.hosts[${i}]`, meant) && areGood;
  });
  if (areGood) checkOverlaps(hosts, findings);
}

function findMeshWildcardFault(host: string, isAtGateway: boolean): Fault | undefined {
  if (host !== '*' || isAtGateway) return undefined;
  return {
    code: 'HostWildcardInMesh',
    message: '* is only allowed at gateways: name hosts, or gateways other than mesh',
  };
}

function checkOverlaps(hosts: readonly string[], findings: Findings): void {
  for (const { first, second } of findHostOverlaps(hosts)) {
    const [a, b] = [JSON.stringify(hosts[first]), JSON.stringify(hosts[second])];
    const what = a === b ? `${b} is listed twice` : `${b} and ${a} stand for the same names`;
    findings.error(`spec.hosts[${second}]`, 'HostDuplicate', `${what} (see spec.hosts[${first}]): keep one of them`);
  }
}

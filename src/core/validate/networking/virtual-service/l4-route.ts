import type {
  L4MatchAttributes,
  RouteDestination,
  TcpRoute,
  TlsMatchAttributes,
  TlsRoute,
} from '../../../../api/networking/l4-route.ts';
import type { VirtualService } from '../../../../api/networking/virtual-service.ts';
import { listSome } from '../../../list-some.ts';
import type { Fault, Findings } from '../../findings.ts';
import { findSniHostFault, findWildcardDomainFault } from '../../rules/host-name.ts';
import { HostTable } from '../../rules/host-table.ts';
import { findSubnetFault, isIpAddress } from '../../rules/ip.ts';
import { checkLabels } from '../../rules/label.ts';
import { findPortFault } from '../../rules/port.ts';
import { checkDestination } from './destination.ts';
import { checkGatewayNames } from './gateway-names.ts';
import { checkWeights } from './weights.ts';

interface Context {
  path: string;
  isFromGatewayApi: boolean;
}

/** What the server names of routes must meet; made once, because a VirtualService may have many of both. */
export interface SniRules {
  findFault: (host: string) => Fault | undefined;
  hosts: readonly string[];
  hostTable: HostTable<string>;
}

/** The rules that the hosts and gateways of a VirtualService give. */
export function compileSniRules({ hosts = [], gateways = [] }: VirtualService): SniRules {
  const findFault = gateways.includes('mesh') ? findWildcardDomainFault : findSniHostFault;
  const hostTable = new HostTable<string>();
  for (const host of hosts) hostTable.add(host, host);
  return { findFault, hosts, hostTable };
}

/** Records what is wrong with a route for TLS that is passed through. */
export function checkTlsRoute(tls: TlsRoute, rules: SniRules, context: Context, findings: Findings): void {
  const { match = [] } = tls;
  if (match.length === 0) {
    findings.error(`${context.path}.match`, 'MatchMissing', 'must say by sniHosts which connections are meant');
  }
  match.forEach((attributes, i) => {
    const path = `${context.path}.match[${i}]`;
    checkSniHosts(attributes, rules, path, findings);
    checkAttributes(attributes, path, findings);
  });
  checkDestinations(tls.route ?? [], context, findings);
}

/** Records what is wrong with a route for TCP. */
export function checkTcpRoute(tcp: TcpRoute, context: Context, findings: Findings): void {
  tcp.match?.forEach((attributes, i) => checkAttributes(attributes, `${context.path}.match[${i}]`, findings));
  checkDestinations(tcp.route ?? [], context, findings);
}

function checkSniHosts({ sniHosts = [] }: TlsMatchAttributes, rules: SniRules, path: string, findings: Findings): void {
  if (sniHosts.length === 0)
    findings.error(`${path}.sniHosts`, 'SniHostsMissing', 'must name at least one server name');
  sniHosts.forEach((host, i) => checkSniHost(host, rules, `${path}.sniHosts[${i}]`, findings));
}

function checkSniHost(host: string, { findFault, hosts, hostTable }: SniRules, path: string, findings: Findings): void {
  const fault = findFault(host);
  if (fault && isIpAddress(host)) {
    const message = `${host} is an IP address, which clients do not send as a server name`;
    findings.warn(path, 'SniHostAddress', message);
  } else if (findings.check(path, fault) && !hostTable.holds(host)) {
    const message = `${JSON.stringify(host)} is not among the hosts of this VirtualService (${listSome(hosts)})`;
    findings.error(path, 'SniHostForeign', message);
  }
}

function checkAttributes(attributes: L4MatchAttributes, path: string, findings: Findings): void {
  const { destinationSubnets, port = 0, sourceLabels, gateways } = attributes;
  destinationSubnets?.forEach((subnet, i) => {
    findings.check(`${path}.destinationSubnets[${i}]`, findSubnetFault(subnet));
  });
  if (port !== 0) findings.check(`${path}.port`, findPortFault(port));
  checkLabels(sourceLabels, `${path}.sourceLabels`, findings);
  checkGatewayNames(gateways, { path: `${path}.gateways` }, findings);
}

function checkDestinations(route: readonly RouteDestination[], context: Context, findings: Findings): void {
  const path = `${context.path}.route`;
  if (route.length === 0) findings.error(path, 'RouteMissing', 'must say where connections are sent');
  route.forEach(({ destination }, i) => {
    const item = `${path}[${i}].destination`;
    if (!destination) findings.error(item, 'DestinationMissing', 'must say where connections are sent');
    if (!context.isFromGatewayApi) checkDestination(destination, item, findings);
  });
  checkWeights(route, path, findings);
}

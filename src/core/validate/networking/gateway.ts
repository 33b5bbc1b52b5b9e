import type { Gateway, Port, Server } from '../../../api/networking/gateway.ts';
import type { Finding, Subject } from '../finding.ts';
import { Findings } from '../findings.ts';
import { findDnsLabelFault } from '../rules/dns-label.ts';
import { findGatewayHostFaults } from '../rules/host-name.ts';
import { findIpAddressFault } from '../rules/ip.ts';
import { findPortFault } from '../rules/port.ts';
import { isHttp, isTls, parseProtocol } from '../rules/protocol.ts';
import { findUnixAddressFault, UNIX_PREFIX } from '../rules/unix-address.ts';
import { checkServerTls, holdsCertificates, isPassthrough } from './server-tls.ts';

const SEMANTICS = 'internal.istio.io/gateway-semantics';

/** Ports, hosts and certificates of a load balancer at the edge of the mesh. */
export function validateGateway({ name, annotations, spec }: Subject<Gateway>): Finding[] {
  const findings = new Findings();
  const isFromGatewayApi = annotations[SEMANTICS] === 'gateway';
  const { servers = [] } = spec;
  if (!isFromGatewayApi) findings.check('metadata.name', findDnsLabelFault(name, 'name of a gateway'));
  if (servers.length === 0) findings.error('spec.servers', 'ServersMissing', 'needs at least one server');
  servers.forEach((server, i) => checkServer(server, { path: `spec.servers[${i}]`, isFromGatewayApi }, findings));
  checkPortNames(servers, findings);
  return findings.list;
}

interface ServerContext {
  path: string;
  isFromGatewayApi: boolean;
}

function checkServer(server: Server, { path, isFromGatewayApi }: ServerContext, findings: Findings): void {
  const { hosts = [], port, bind = '', tls } = server;
  if (hosts.length === 0) findings.error(`${path}.hosts`, 'HostsMissing', 'needs at least one host; * stands for all');
  hosts.forEach((host, i) => {
    for (const fault of findGatewayHostFaults(host, { isFromGatewayApi })) findings.check(`${path}.hosts[${i}]`, fault);
  });
  const isPortGood = checkPort(port, bind, `${path}.port`, findings);
  checkBind(bind, port, path, findings);
  checkServerTls(tls, `${path}.tls`, findings);
  if (isPortGood) checkTlsOfProtocol(server, `${path}.tls`, findings);
}

function checkPort(port: Port | undefined, bind: string, path: string, findings: Findings): boolean {
  if (!port) {
    findings.error(path, 'PortMissing', 'needs a port with number, name and protocol');
    return false;
  }
  const { number = 0, protocol = '', name = '', targetPort = 0 } = port;
  const before = findings.list.length;
  if (parseProtocol(protocol) === 'Unsupported') {
    const message = `${JSON.stringify(protocol)} is not a protocol of gateways: use HTTP, HTTPS, HTTP2, GRPC, GRPC-WEB, TLS, TCP, MONGO, REDIS or MYSQL`;
    findings.error(`${path}.protocol`, 'ProtocolUnsupported', message);
  }
  if (number > 0 || !bind.startsWith(UNIX_PREFIX)) findings.check(`${path}.number`, findPortFault(number));
  if (targetPort > 0) findings.error(`${path}.targetPort`, 'TargetPortUnused', 'has no effect on gateways: remove it');
  if (name === '') findings.error(`${path}.name`, 'PortNameMissing', 'must name the port');
  return findings.list.length === before;
}

function checkBind(bind: string, port: Port | undefined, path: string, findings: Findings): void {
  if (!bind.startsWith(UNIX_PREFIX)) {
    if (bind !== '') findings.check(`${path}.bind`, findIpAddressFault(bind));
    return;
  }
  findings.check(`${path}.bind`, findUnixAddressFault(bind.slice(UNIX_PREFIX.length)));
  if ((port?.number ?? 0) === 0) return;
  findings.error(`${path}.port.number`, 'PortWithSocket', 'must be 0 when bind is a Unix domain socket');
}

function checkTlsOfProtocol({ port, tls }: Server, path: string, findings: Findings): void {
  const protocol = parseProtocol(port?.protocol);
  if (isTls(protocol)) {
    if (!tls) findings.error(path, 'TlsMissing', `is needed for the protocol ${protocol}`);
  } else if (tls && !isHttp(protocol)) {
    findings.error(
      path,
      'TlsUnexpected',
      `is not allowed for the protocol ${protocol}: use HTTPS or TLS, or remove it`,
    );
  } else if (tls && (!isPassthrough(tls) || holdsCertificates(tls))) {
    const message = 'may only hold httpsRedirect for plain HTTP: use the protocol HTTPS, or remove the rest';
    findings.error(path, 'TlsUnexpected', message);
  }
}

function checkPortNames(servers: readonly Server[], findings: Findings): void {
  const names = new Set<string>();
  servers.forEach(({ port, tls }, i) => {
    if (!port) return;
    const path = `spec.servers[${i}]`;
    const { name = '', protocol } = port;
    if (names.has(name)) {
      const message = `${JSON.stringify(name)} is used twice: give each server its own port name`;
      findings.error(`${path}.port.name`, 'PortNameDuplicate', message);
    }
    names.add(name);
    if (tls?.httpsRedirect === true && !isHttp(parseProtocol(protocol))) {
      findings.warn(`${path}.tls.httpsRedirect`, 'RedirectWithoutHttp', 'only has an effect on servers for plain HTTP');
    }
  });
}

import type { ServerTlsSettings } from '../../../api/networking/server-tls-settings.ts';
import type { IstioIngressListener, SidecarPort } from '../../../api/networking/sidecar.ts';
import type { Fault, Findings } from '../findings.ts';
import { splitHostPort } from '../rules/host-port.ts';
import { findIpAddressFault } from '../rules/ip.ts';
import { findPortNameFault } from '../rules/port-name.ts';
import { findPortFault } from '../rules/port.ts';
import { findProtocolFault, isHttp, isTls, parseProtocol } from '../rules/protocol.ts';
import { parseGoInt } from '../rules/strconv.ts';
import { findUnixAddressFault, UNIX_PREFIX } from '../rules/unix-address.ts';
import { checkServerTls } from './server-tls.ts';
import { checkConnectionPool } from './traffic-policy/connection-pool.ts';

const LOCAL_HOSTS: ReadonlySet<string> = new Set(['', '127.0.0.1', '0.0.0.0', '::1', '::']);

/** Records what is wrong with the ports that a sidecar serves. */
export function checkIngress(listeners: readonly IstioIngressListener[], path: string, findings: Findings): void {
  const numbers = new Set<number>();
  listeners.forEach((listener, i) => {
    const item = `${path}[${i}]`;
    const { port, bind = '', defaultEndpoint = '', tls, connectionPool } = listener;
    if (!port) {
      findings.error(`${item}.port`, 'PortMissing', 'must say which port is served');
      return;
    }
    checkListenerPort(port, `${item}.port`, findings);
    findings.check(`${item}.port.number`, findPortFault(port.number));
    if (bind !== '') findings.check(`${item}.bind`, findIpAddressFault(bind));
    checkUnique(port.number ?? 0, numbers, `${item}.port.number`, findings);
    if (defaultEndpoint !== '') findings.check(`${item}.defaultEndpoint`, findEndpointFault(defaultEndpoint));
    if (tls) checkTls(tls, port, `${item}.tls`, findings);
    checkConnectionPool(connectionPool, `${item}.connectionPool`, findings);
    if (connectionPool?.http && !isHttp(parseProtocol(port.protocol))) {
      const message = `has no effect: the port speaks ${port.protocol ?? 'no known protocol'}, not HTTP`;
      findings.warn(`${item}.connectionPool.http`, 'HttpPoolUnused', message);
    }
  });
}

/** Records what is wrong with the port of a listener, but for its number. */
export function checkListenerPort(
  { name = '', protocol, targetPort = 0 }: SidecarPort,
  path: string,
  findings: Findings,
): void {
  if (targetPort > 0) findings.error(`${path}.targetPort`, 'TargetPortUnused', 'has no effect on sidecars: remove it');
  if (name !== '') findings.check(`${path}.name`, findPortNameFault(name));
  findings.check(`${path}.protocol`, findProtocolFault(protocol));
}

/** Records a number that another listener has taken. */
export function checkUnique(number: number, numbers: Set<number>, path: string, findings: Findings): void {
  if (numbers.has(number)) findings.error(path, 'PortDuplicate', `${number} is taken by another listener`);
  numbers.add(number);
}

function findEndpointFault(text: string): Fault | undefined {
  if (text.startsWith(UNIX_PREFIX)) return findUnixAddressFault(text.slice(UNIX_PREFIX.length));
  const split = splitHostPort(text);
  if (!split || !LOCAL_HOSTS.has(split.host)) {
    const message = `${JSON.stringify(text)} must be a port of the pod itself: 127.0.0.1:PORT, 0.0.0.0:PORT, [::1]:PORT, [::]:PORT or unix://PATH`;
    return { code: 'DefaultEndpointInvalid', message };
  }
  return findPortFault(parseGoInt(split.port));
}

/** A sidecar has no gateway's ways to get certificates. */
function checkTls(tls: ServerTlsSettings, port: SidecarPort, path: string, findings: Findings): void {
  const unsupported = {
    subjectAltNames: tls.subjectAltNames !== undefined,
    httpsRedirect: tls.httpsRedirect === true,
    credentialName: (tls.credentialName ?? '') !== '',
    credentialNames: tls.credentialNames !== undefined,
    tlsCertificates: tls.tlsCertificates !== undefined,
    mode: tls.mode === 'ISTIO_MUTUAL' || tls.mode === 'AUTO_PASSTHROUGH',
  };
  for (const [field, isSet] of Object.entries(unsupported)) {
    if (!isSet) continue;
    const what = field === 'mode' ? ` ${tls.mode}` : '';
    findings.error(`${path}.${field}`, 'TlsUnsupported', `${field}${what} is not supported on sidecars`);
  }
  if (!isTls(parseProtocol(port.protocol))) {
    findings.error(path, 'TlsUnexpected', 'needs a port whose protocol is HTTPS or TLS');
  }
  checkServerTls(tls, path, findings);
}

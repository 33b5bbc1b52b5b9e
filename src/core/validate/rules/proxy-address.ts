import type { Fault } from '../findings.ts';
import { findFqdnFault } from './host-name.ts';
import { splitHostPort } from './host-port.ts';
import { isIpAddress } from './ip.ts';
import { findPortFault } from './port.ts';
import { parseGoInt } from './strconv.ts';

/** `host:port`, as the proxy's settings take it. An IPv6 address is put in brackets. */
export function findProxyAddressFault(text: string): Fault | undefined {
  const split = splitHostPort(text);
  if (!split) return invalid(text, 'write HOST:PORT, with an IPv6 address in brackets');
  const { host, port: portText } = split;
  const port = parseGoInt(portText);
  if (port === undefined) return invalid(text, `${JSON.stringify(portText)} is not a port`);
  const badPort = findPortFault(port);
  if (badPort) return badPort;
  if (!findFqdnFault(host) || isIpAddress(host)) return undefined;
  return invalid(text, `${JSON.stringify(host)} is neither a host name nor an IP address`);
}

function invalid(text: string, cause: string): Fault {
  return { code: 'AddressInvalid', message: `${JSON.stringify(text)} is not an address: ${cause}` };
}

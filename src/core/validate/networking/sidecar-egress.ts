import type { IstioEgressListener } from '../../../api/networking/sidecar.ts';
import type { ValidationTraits } from '../../istio/traits.ts';
import type { Findings } from '../findings.ts';
import { findSidecarHostFaults } from '../rules/host-name.ts';
import { findIpAddressFault } from '../rules/ip.ts';
import { findPortFault } from '../rules/port.ts';
import { findUnixAddressFault, UNIX_PREFIX } from '../rules/unix-address.ts';
import { checkListenerPort, checkUnique } from './sidecar-ingress.ts';

/** Where listeners stand, and the namespace that `.` stands for. */
interface EgressContext {
  path: string;
  namespace: string;
  traits: ValidationTraits;
}

/** Records what is wrong with the services that a sidecar can reach. */
export function checkEgress(
  listeners: readonly IstioEgressListener[],
  context: EgressContext,
  findings: Findings,
): void {
  const numbers = new Set<number>();
  const sockets = new Set<string>();
  listeners.forEach((listener, i) => {
    const path = `${context.path}[${i}]`;
    const { port, bind = '' } = listener;
    if (!port) {
      if (i < listeners.length - 1) {
        const message = 'must be the last one, as it has no port and takes everything';
        findings.error(path, 'ListenerNotLast', message);
      }
    } else {
      checkListenerPort(port, `${path}.port`, findings);
      const number = port.number ?? 0;
      if (number === 0) checkSocket(listener, sockets, path, findings);
      else {
        findings.check(`${path}.port.number`, findPortFault(number));
        if (bind !== '') findings.check(`${path}.bind`, findIpAddressFault(bind));
        checkUnique(number, numbers, `${path}.port.number`, findings);
      }
    }
    checkHosts(listener.hosts ?? [], { ...context, path: `${path}.hosts` }, findings);
  });
}

function checkSocket(
  { bind = '', captureMode }: IstioEgressListener,
  sockets: Set<string>,
  path: string,
  findings: Findings,
): void {
  if (!bind.startsWith(UNIX_PREFIX)) {
    findings.error(`${path}.bind`, 'SocketMissing', 'must be unix://PATH when the port is 0');
  } else findings.check(`${path}.bind`, findUnixAddressFault(bind.slice(UNIX_PREFIX.length)));
  if (captureMode !== undefined && captureMode !== 'DEFAULT' && captureMode !== 'NONE') {
    findings.error(`${path}.captureMode`, 'CaptureModeInvalid', 'must be DEFAULT or NONE for a Unix domain socket');
  }
  if (sockets.has(bind)) findings.error(`${path}.bind`, 'SocketDuplicate', 'is taken by another listener');
  sockets.add(bind);
}

function checkHosts(hosts: readonly string[], context: EgressContext, findings: Findings): void {
  const { path, traits } = context;
  if (hosts.length === 0)
    findings.error(path, 'HostsMissing', 'needs at least one host; ./* stands for the own namespace');
  const byNamespace = new Map<string, Set<string>>();
  hosts.forEach((host, i) => {
    warnOfDuplicate(host, byNamespace, { ...context, path: `${path}[${i}]` }, findings);
    for (const fault of findSidecarHostFaults(host, traits)) findings.check(`${path}[${i}]`, fault);
  });
  if (byNamespace.get('*')?.has('*') === true && byNamespace.size > 1) {
    findings.warn(path, 'HostsRedundant', '*/* already selects everything: leave out the others, or */*');
  }
}

function warnOfDuplicate(
  text: string,
  byNamespace: Map<string, Set<string>>,
  { path, namespace, traits }: EgressContext,
  findings: Findings,
): void {
  const slash = text.indexOf('/');
  if (slash < 0 || (traits.excludesEgressNamespaces && text.startsWith('~'))) return;
  const scope = text.slice(0, slash);
  const host = text.slice(slash + 1);
  const owner = scope === '.' ? namespace : scope;
  const known = byNamespace.get(owner) ?? new Set<string>();
  byNamespace.set(owner, known);
  const isDuplicate = host === '*' ? known.size > 0 : known.has(host) || known.has('*');
  if (isDuplicate)
    findings.warn(path, 'HostDuplicate', `${JSON.stringify(text)} selects what another host selects already`);
  known.add(host);
}

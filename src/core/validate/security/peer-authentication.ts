import type { PeerAuthentication } from '../../../api/security/peer-authentication.ts';
import type { Finding, Subject } from '../finding.ts';
import { Findings } from '../findings.ts';
import { findPortFault } from '../rules/port.ts';
import { checkTypeSelector } from '../rules/workload-selector.ts';

/** Which connections workloads accept. Ports can only be set apart where workloads are selected. */
export function validatePeerAuthentication({ spec }: Subject<PeerAuthentication>): Finding[] {
  const findings = new Findings();
  const { selector, portLevelMtls } = spec;
  checkTypeSelector(selector, 'spec.selector', findings);
  if (portLevelMtls === undefined) return findings.list;
  const ports = Object.keys(portLevelMtls);
  const selectsAll = Object.keys(selector?.matchLabels ?? {}).length === 0;
  const path = 'spec.portLevelMtls';
  if (ports.length === 0)
    findings.error(path, 'PortLevelEmpty', 'must name at least one port: name one, or leave it out');
  else if (selectsAll) {
    findings.error(path, 'PortLevelNeedsSelector', 'needs a selector with labels: ports belong to certain workloads');
  }
  for (const port of ports) findings.check(`${path}[${port}]`, findPortFault(Number(port)));
  return findings.list;
}

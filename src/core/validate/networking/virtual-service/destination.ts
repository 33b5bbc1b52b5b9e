import type { Destination } from '../../../../api/networking/destination.ts';
import type { Findings } from '../../findings.ts';
import { findDnsLabelFault } from '../../rules/dns-label.ts';
import { findWildcardDomainFault } from '../../rules/host-name.ts';
import { findPortFault } from '../../rules/port.ts';

/** Records what is wrong with where requests are sent. */
export function checkDestination(destination: Destination | undefined, path: string, findings: Findings): void {
  if (!destination) return;
  const { host = '', subset = '', port } = destination;
  if (host === '*') {
    findings.error(`${path}.host`, 'DestinationWildcard', '* is no destination: name a service');
  } else {
    findings.check(`${path}.host`, findWildcardDomainFault(host));
  }
  if (subset !== '') findings.check(`${path}.subset`, findDnsLabelFault(subset, 'name of a subset'));
  if (port) findings.check(`${path}.port.number`, findPortFault(port.number));
}

import type { Fault } from '../findings.ts';
import { findDnsLabelFault } from './dns-label.ts';

/** The name of a port, which must be given. */
export function findPortNameFault(name: string | undefined): Fault | undefined {
  return findDnsLabelFault(name ?? '', 'port name');
}

import type { ServiceEntry } from '../../../api/networking/service-entry.ts';
import type { Findings } from '../findings.ts';

/** Ranges with fewer bits are most of the Internet. */
const NARROW_BITS = 8;

/**
 * Warns of addresses that stand for very much: all addresses, the unspecified network, and ranges shorter than /8. By the
 * release notes of Istio; its words for them are not known.
 */
export function warnOfWideAddresses(
  { addresses = [], resolution = 'NONE', exportTo }: ServiceEntry,
  findings: Findings,
): void {
  addresses.forEach((text, i) => {
    const [address = '', bits] = text.split('/');
    const isUnspecified = address === '0.0.0.0' || /^[0:]+$/.test(address);
    if (!isUnspecified && (bits === undefined || Number(bits) >= NARROW_BITS)) return;
    const danger = resolution === 'NONE' && !exportTo ? ', in every namespace, and forwards it where it was going' : '';
    const message = `${JSON.stringify(text)} stands for very many addresses: the entry takes the traffic to all of them${danger}; name the ones that are meant`;
    findings.warn(`spec.addresses[${i}]`, 'AddressesWide', message);
  });
}

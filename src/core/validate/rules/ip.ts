import type { Fault } from '../findings.ts';

const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const HEX_GROUP = /^[0-9a-fA-F]{1,4}$/;
const PREFIX_BITS = /^(?:0|[1-9][0-9]{0,2})$/;
const MAX_TEXT = 256;

/** Whether a text is an IP address as Go's netip.ParseAddr reads it; a zone (`fe80::1%eth0`) is taken for IPv6. */
export function isIpAddress(text: string): boolean {
  if (text.length > MAX_TEXT) return false;
  const zone = text.indexOf('%');
  if (zone < 0) return IPV4.test(text) || isIpv6(text);
  return zone < text.length - 1 && isIpv6(text.slice(0, zone));
}

/** Whether a text is a range of addresses such as `10.0.0.0/8`; bits of the host may be set. */
export function isCidr(text: string): boolean {
  const slash = text.lastIndexOf('/');
  if (slash < 0 || text.length > MAX_TEXT) return false;
  const [address, bits] = [text.slice(0, slash), text.slice(slash + 1)];
  if (!PREFIX_BITS.test(bits)) return false;
  if (IPV4.test(address)) return Number(bits) <= 32;
  return isIpv6(address) && Number(bits) <= 128;
}

/** An IP address. */
export function findIpAddressFault(text: string): Fault | undefined {
  if (isIpAddress(text)) return undefined;
  return { code: 'IpAddressInvalid', message: `${JSON.stringify(text)} is not an IP address` };
}

/** A range of addresses. */
export function findCidrFault(text: string): Fault | undefined {
  if (isCidr(text)) return undefined;
  const message = `${JSON.stringify(text)} is not a valid CIDR block: write ADDRESS/BITS, such as 10.0.0.0/8`;
  return { code: 'CidrInvalid', message };
}

/** An IP address or a range of them. */
export function findSubnetFault(text: string): Fault | undefined {
  return text.split('/').length === 2 ? findCidrFault(text) : findIpAddressFault(text);
}

function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2 || !text.includes(':')) return false;
  const [head, tail] = halves.map((half) => (half === '' ? [] : half.split(':')));
  if (!head || (head.length === 0 && halves.length === 1)) return false;
  const groups = tail ? [...head, ...tail] : head;
  const last = groups.at(-1) ?? '';
  // Only the very end of the text may be written as IPv4.
  const endsInIpv4 = last.includes('.') && text.endsWith(last) && IPV4.test(last);
  const hexGroups = endsInIpv4 ? groups.slice(0, -1) : groups;
  const size = hexGroups.length + (endsInIpv4 ? 2 : 0);
  return hexGroups.every((group) => HEX_GROUP.test(group)) && (tail ? size <= 7 : size === 8);
}

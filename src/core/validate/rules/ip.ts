import type { Fault } from '../findings.ts';

const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const HEX_GROUP = /^[0-9a-fA-F]{1,4}$/;
const PREFIX_BITS = /^(?:0|[1-9][0-9]{0,2})$/;
const MAX_GROUPS = 8;
const MAX_TEXT = 256;

/** Whether a text is an IP address as Go's netip.ParseAddr reads it; a zone (`fe80::1%eth0`) is taken for IPv6. */
export function isIpAddress(text: string): boolean {
  if (text.length > MAX_TEXT) return false;
  const zone = text.indexOf('%');
  if (zone < 0) return IPV4.test(text) || isIpv6(text);
  return zone < text.length - 1 && isIpv6(text.slice(0, zone));
}

/** Whether a text is a range of addresses such as `10.0.0.0/8`; bits of the host may be set. */
function isCidr(text: string): boolean {
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
  if (halves.length > 2) return false;
  const isShortened = halves.length === 2;
  const sizes = halves.map((half, i) => countGroups(half, { isEnd: i === halves.length - 1, mayBeEmpty: isShortened }));
  const size = sizes.reduce<number>((sum, part) => sum + (part ?? NaN), 0);
  return isShortened ? size <= MAX_GROUPS - 1 : size === MAX_GROUPS;
}

/** How many groups of 16 bits a part of an address has; undefined when it is malformed. */
function countGroups(text: string, { isEnd, mayBeEmpty }: { isEnd: boolean; mayBeEmpty: boolean }): number | undefined {
  if (text === '') return mayBeEmpty ? 0 : undefined;
  const groups = text.split(':');
  const last = groups.at(-1) ?? '';
  // Only the end of an address may be written as IPv4, which fills two groups.
  const endsInIpv4 = isEnd && IPV4.test(last);
  if (endsInIpv4) groups.pop();
  return groups.every((group) => HEX_GROUP.test(group)) ? groups.length + (endsInIpv4 ? 2 : 0) : undefined;
}

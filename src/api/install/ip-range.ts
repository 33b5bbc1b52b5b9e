/** Whether a text is an address range such as `10.0.0.0/8` or `fd00::/8`. */
export function isAddressRange(text: string): boolean {
  const slash = text.lastIndexOf('/');
  if (slash < 0) return false;
  const address = text.slice(0, slash);
  const length = text.slice(slash + 1);
  if (!/^(0|[1-9]\d{0,2})$/.test(length)) return false;
  if (isIPv4(address)) return Number(length) <= 32;
  return isIPv6(address) && Number(length) <= 128;
}

function isIPv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

function isIPv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const compressed = halves.length === 2;
  const head = groups(halves[0] ?? '', !compressed);
  const tail = compressed ? groups(halves[1] ?? '', true) : [];
  if (!head || !tail) return false;
  const count = width(head) + width(tail);
  return compressed ? count < 8 : count === 8;
}

/** Splits `a:b:1.2.3.4` into groups; undefined when one of them is none. Only the end of an address may be IPv4. */
function groups(text: string, atEnd: boolean): string[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const last = parts.length - 1;
  const valid = parts.every((part, i) => /^[0-9a-fA-F]{1,4}$/.test(part) || (atEnd && i === last && isIPv4(part)));
  return valid ? parts : undefined;
}

function width(parts: string[]): number {
  return parts.reduce((sum, part) => sum + (part.includes('.') ? 2 : 1), 0);
}

import type { Fault } from '../findings.ts';

/** What marks an address as that of a Unix domain socket. */
export const UNIX_PREFIX = 'unix://';

/** The address of a Unix domain socket, without `unix://`: an absolute path, or `@name` for an abstract one. */
export function findUnixAddressFault(text: string): Fault | undefined {
  if (text.startsWith('@') || (text.startsWith('/') && !text.endsWith('/'))) return undefined;
  const message = `${JSON.stringify(text)} is not the address of a socket: write an absolute path of a file, or @name`;
  return { code: 'UnixAddressInvalid', message };
}

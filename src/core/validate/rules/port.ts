import type { Fault } from '../findings.ts';

const MAX_PORT = 65_535;

/** Whether a number can be a TCP port. */
function isPort(port: number | undefined): boolean {
  return port !== undefined && port >= 1 && port <= MAX_PORT;
}

/** A TCP port, which must be given. */
export function findPortFault(port: number | undefined): Fault | undefined {
  if (isPort(port)) return undefined;
  return { code: 'PortOutOfRange', message: `port ${port ?? 0} must be in the range 1 to ${MAX_PORT}` };
}

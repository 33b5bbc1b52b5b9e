import type { Fault } from '../findings.ts';

/** A whole percentage. */
export function findPercentFault(value: number): Fault | undefined {
  if (!(value < 0 || value > 100)) return undefined;
  return { code: 'PercentOutOfRange', message: `${value} must be a percentage from 0 to 100` };
}

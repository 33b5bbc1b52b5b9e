import type { Fault } from '../findings.ts';

/** The statuses that Go's http.StatusText knows. */
const KNOWN: ReadonlySet<number> = new Set([
  ...range(100, 103),
  ...range(200, 208),
  226,
  ...range(300, 305),
  307,
  308,
  ...range(400, 418),
  ...range(421, 426),
  428,
  429,
  431,
  451,
  ...range(500, 508),
  510,
  511,
]);

/** Whether a status has a registered meaning. */
export function isKnownHttpStatus(status: number): boolean {
  return KNOWN.has(status);
}

/** A status that a proxy may answer. Istio takes 600 as well. */
export function findHttpStatusFault(status: number): Fault | undefined {
  if (status >= 200 && status <= 600) return undefined;
  return { code: 'HttpStatusOutOfRange', message: `${status} must be an HTTP status from 200 to 599` };
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

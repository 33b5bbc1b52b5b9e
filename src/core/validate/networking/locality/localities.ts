import type { Fault } from '../../findings.ts';

const EVERYTHING = '*';

/** Localities `region/zone/subzone`, the end of which may be left out or be `*`. None may be part of another. */
export function findLocalitiesFault(localities: readonly string[]): Fault | undefined {
  const seen: string[][] = [];
  for (const locality of localities) {
    const star = locality.indexOf('*');
    if (star >= 0 && star !== locality.length - 1) {
      return invalid(locality, 'has a * that is not its only one and its end');
    }
    const parts = splitLocality(locality);
    if (parts.includes('')) return invalid(locality, 'has an empty region, zone or subzone');
    if (seen.some((other) => overlaps(other, parts))) {
      return {
        code: 'LocalityOverlap',
        message: `${JSON.stringify(locality)} overlaps with one that is listed before it`,
      };
    }
    seen.push(parts);
  }
  return undefined;
}

/** Only the first two slashes separate. */
function splitLocality(locality: string): string[] {
  const [region = '', zone, ...subzone] = locality.split('/');
  if (zone === undefined) return [region];
  return subzone.length === 0 ? [region, zone] : [region, zone, subzone.join('/')];
}

/** As Istio tells it: what was listed before counts as a whole below a `*` or where it ends. */
function overlaps(before: readonly string[], locality: readonly string[]): boolean {
  if (before[0] === EVERYTHING) return true;
  if (before[0] !== locality[0]) return false;
  if (locality.length === 1 || before.length === 1 || before[1] === EVERYTHING) return true;
  if (before[1] !== locality[1]) return false;
  if (locality.length === 2 || before.length === 2 || before[2] === EVERYTHING) return true;
  return before[2] === locality[2];
}

function invalid(locality: string, cause: string): Fault {
  return { code: 'LocalityInvalid', message: `${JSON.stringify(locality)} ${cause}: write region/zone/subzone` };
}

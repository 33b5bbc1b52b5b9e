import type { Fault } from '../../findings.ts';

const EVERYTHING = '*';

/** Localities `region/zone/subzone`, the end of which may be left out or be `*`. None may be part of another. */
export function findLocalitiesFault(localities: readonly string[]): Fault | undefined {
  const seen = new SeenLocalities();
  for (const locality of localities) {
    const star = locality.indexOf('*');
    if (star >= 0 && star !== locality.length - 1) {
      return invalid(locality, 'has a * that is not its only one and its end');
    }
    const parts = splitLocality(locality);
    if (parts.includes('')) return invalid(locality, 'has an empty region, zone or subzone');
    if (seen.overlaps(parts)) {
      return {
        code: 'LocalityOverlap',
        message: `${JSON.stringify(locality)} overlaps with one that is listed before it`,
      };
    }
    seen.add(parts);
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
class SeenLocalities {
  /** Everything from the start to a place, by its number of parts. */
  readonly #starts = [new Set<string>(), new Set<string>(), new Set<string>()] as const;
  /** What is taken with all that is below it. */
  readonly #wholes = new Set<string>();
  #isEverythingTaken = false;

  add(parts: readonly string[]): void {
    if (parts[0] === EVERYTHING) this.#isEverythingTaken = true;
    parts.forEach((part, i) => {
      if (part === EVERYTHING) this.#wholes.add(keyOf(parts, i));
      this.#starts[i]?.add(keyOf(parts, i + 1));
    });
    this.#wholes.add(keyOf(parts, parts.length));
  }

  overlaps(parts: readonly string[]): boolean {
    if (this.#isEverythingTaken) return true;
    if (this.#starts[parts.length - 1]?.has(keyOf(parts, parts.length))) return true;
    return parts.some((_, i) => this.#wholes.has(keyOf(parts, i + 1)));
  }
}

function keyOf(parts: readonly string[], count: number): string {
  return parts.slice(0, count).join('/');
}

function invalid(locality: string, cause: string): Fault {
  return { code: 'LocalityInvalid', message: `${JSON.stringify(locality)} ${cause}: write region/zone/subzone` };
}

import type { HttpMatchRequest } from '../../../../api/networking/http-match-request.ts';
import type { StringMatch } from '../../../../api/networking/string-match.ts';

/** A match with its place. */
export interface PlacedMatch {
  path: string;
  match: HttpMatchRequest;
}

/** What of a match by prefix can be compared. Texts say how they match, so that prefixes of texts can be told. */
interface PrefixMatch {
  placed: PlacedMatch;
  prefix: string;
  port: number;
  method: string;
  authority: string;
  maps: readonly Readonly<Record<string, string>>[];
}

// Comparing all with all is quadratic; a resource with more than this many prefixes is generated, not written.
const MAX_COMPARED = 2000;

/** Matches by prefix of the URI that an earlier one has taken, with that one. */
export function findShadowedPrefixes(matches: readonly PlacedMatch[]): { match: PlacedMatch; by: PlacedMatch }[] {
  const prefixes = matches.flatMap((placed) => describe(placed)).slice(0, MAX_COMPARED);
  const found: { match: PlacedMatch; by: PlacedMatch }[] = [];
  prefixes.forEach((earlier, i) => {
    for (let j = i + 1; j < prefixes.length; j++) {
      const later = prefixes[j];
      if (later && later.prefix !== earlier.prefix && covers(earlier, later)) {
        found.push({ match: later.placed, by: earlier.placed });
      }
    }
  });
  return found;
}

function describe(placed: PlacedMatch): PrefixMatch[] {
  const { uri, port = 0, method, authority, headers, queryParams, withoutHeaders } = placed.match;
  const prefix = uri?.prefix ?? '';
  if (prefix === '') return [];
  const maps = [headers, queryParams, withoutHeaders].map(textsOf);
  // Without a method a request is taken for a GET.
  return [{ placed, prefix, port, method: textOf(method) || 'exact:GET', authority: textOf(authority), maps }];
}

function textOf(match: StringMatch | undefined): string {
  if (match?.exact) return `exact:${match.exact}`;
  return match?.prefix ? `prefix:${match.prefix}` : '';
}

function textsOf(matches: Readonly<Record<string, StringMatch>> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(matches ?? {}).map(([name, match]) => [name, textOf(match)]));
}

function covers(earlier: PrefixMatch, later: PrefixMatch): boolean {
  return (
    later.prefix.startsWith(earlier.prefix) &&
    later.port === earlier.port &&
    earlier.method.startsWith(later.method) &&
    earlier.authority.startsWith(later.authority) &&
    earlier.maps.every((map, i) => coversAll(map, later.maps[i] ?? {}))
  );
}

function coversAll(earlier: Readonly<Record<string, string>>, later: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(earlier);
  return (
    names.length === Object.keys(later).length &&
    names.every((name) => Object.hasOwn(later, name) && (earlier[name] ?? '').startsWith(later[name] ?? ''))
  );
}

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
  /** Its place among all matches. */
  order: number;
  prefix: string;
  port: number;
  method: string;
  authority: string;
  maps: readonly Readonly<Record<string, string>>[];
}

// Chains of prefixes that nest are compared link by link; a resource with more links is generated, not written.
const MAX_COMPARED = 100_000;

/** Matches by prefix of the URI that an earlier one has taken, with that one. */
export function findShadowedPrefixes(matches: readonly PlacedMatch[]): { match: PlacedMatch; by: PlacedMatch }[] {
  const sorted = matches.flatMap((placed, order) => describe(placed, order)).sort(comparePrefixes);
  const found: { earlier: PrefixMatch; later: PrefixMatch }[] = [];
  const around: PrefixMatch[] = [];
  let compared = 0;
  for (const each of sorted) {
    // Sorted by their texts, what starts with a prefix comes right after it.
    while (around.length > 0 && !each.prefix.startsWith(around.at(-1)?.prefix ?? '')) around.pop();
    if ((compared += around.length) > MAX_COMPARED) break;
    for (const outer of around) {
      if (outer.order < each.order && covers(outer, each)) found.push({ earlier: outer, later: each });
    }
    around.push(each);
  }
  return found
    .sort((a, b) => a.earlier.order - b.earlier.order || a.later.order - b.later.order)
    .map(({ earlier, later }) => ({ match: later.placed, by: earlier.placed }));
}

function comparePrefixes(a: PrefixMatch, b: PrefixMatch): number {
  return a.prefix === b.prefix ? a.order - b.order : a.prefix < b.prefix ? -1 : 1;
}

function describe(placed: PlacedMatch, order: number): PrefixMatch[] {
  const { uri, port = 0, method, authority, headers, queryParams, withoutHeaders } = placed.match;
  const prefix = uri?.prefix ?? '';
  if (prefix === '') return [];
  const maps = [headers, queryParams, withoutHeaders].map(textsOf);
  // Without a method a request is taken for a GET.
  return [{ placed, order, prefix, port, method: textOf(method) || 'exact:GET', authority: textOf(authority), maps }];
}

function textOf(match: StringMatch | undefined): string {
  if (match?.exact) return `exact:${match.exact}`;
  return match?.prefix ? `prefix:${match.prefix}` : '';
}

function textsOf(matches: Readonly<Record<string, StringMatch>> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(matches ?? {}).map(([name, match]) => [name, textOf(match)]));
}

/** Of two where the later one's prefix starts with the earlier one's. */
function covers(earlier: PrefixMatch, later: PrefixMatch): boolean {
  return (
    later.prefix !== earlier.prefix &&
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

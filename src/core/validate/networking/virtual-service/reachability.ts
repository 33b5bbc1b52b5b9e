import type { VirtualService } from '../../../../api/networking/virtual-service.ts';
import type { Findings } from '../../findings.ts';
import { findShadowedPrefixes, type PlacedMatch } from './prefix-overlap.ts';
import { matchKey } from './match-key.ts';

interface Route {
  name?: string | undefined;
  match?: (object & { name?: string | undefined })[] | undefined;
}

/** Warns of rules that are never used, and of matches that an earlier rule has taken. */
export function checkReachability({ http = [], tls = [], tcp = [] }: VirtualService, findings: Findings): void {
  const placed: PlacedMatch[] = [];
  checkRoutes(http, 'spec.http', findings, (match, at) => {
    placed.push({ ...at, match: match });
  });
  checkRoutes(tcp, 'spec.tcp', findings);
  checkRoutes(tls, 'spec.tls', findings);
  for (const { match, by } of findShadowedPrefixes(placed)) {
    const message = `is covered by the prefix of ${by.path}, which comes first: move this one before it`;
    findings.warn(match.path, INEFFECTIVE, message);
  }
}

const UNREACHABLE = 'VirtualServiceUnreachableRule';
const INEFFECTIVE = 'VirtualServiceIneffectiveMatch';

type Visit = (match: object, at: { path: string }) => void;

function checkRoutes(routes: readonly Route[], path: string, findings: Findings, visit?: Visit): void {
  const seen = new Map<string, string>();
  let catchAll: string | undefined;
  routes.forEach(({ match = [] }, i) => {
    const item = `${path}[${i}]`;
    if (match.length === 0) {
      if (catchAll !== undefined)
        findings.warn(item, UNREACHABLE, `is never used: ${catchAll} already takes everything`);
      catchAll = item;
      return;
    }
    let duplicates = 0;
    match.forEach((each, j) => {
      const at = `${item}.match[${j}]`;
      if (catchAll !== undefined) {
        findings.warn(item, UNREACHABLE, `is never used: ${catchAll}, which comes first, takes everything`);
        return;
      }
      const key = matchKey(each);
      const first = seen.get(key);
      if (first === undefined) {
        seen.set(key, item);
        visit?.(each, { path: at });
      } else {
        duplicates++;
        findings.warn(at, INEFFECTIVE, `has no effect: ${first} has the same match`);
      }
    });
    if (duplicates === match.length) {
      findings.warn(item, UNREACHABLE, 'is never used: earlier rules have all of its matches');
    }
  });
}

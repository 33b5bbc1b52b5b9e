import type { EnvoyConfigObjectPatch } from '../../../api/networking/envoy-filter.ts';
import type { EnvoyConfigObjectMatch, FilterMatch, ListenerMatch } from '../../../api/networking/envoy-filter-match.ts';
import type { Findings } from '../findings.ts';
import { byteLength } from '../rules/byte-length.ts';
import { findRegexFault } from '../rules/regex.ts';
import { CONNECTION_MANAGERS, OLD_FILTER_NAMES } from './filter-names.ts';

const MAX_VERSION = 1024;

/** The part of Envoy's configuration that a patch can choose by, for what it is applied to. */
const MATCH_OF: Readonly<Record<string, 'listener' | 'routeConfiguration' | 'cluster'>> = {
  LISTENER: 'listener',
  FILTER_CHAIN: 'listener',
  NETWORK_FILTER: 'listener',
  HTTP_FILTER: 'listener',
  ROUTE_CONFIGURATION: 'routeConfiguration',
  VIRTUAL_HOST: 'routeConfiguration',
  HTTP_ROUTE: 'routeConfiguration',
  CLUSTER: 'cluster',
};

/** Records what is wrong with where a patch is applied. False when nothing more can be said of the patch. */
export function checkPatchMatch(patch: EnvoyConfigObjectPatch, path: string, findings: Findings): boolean {
  const { applyTo = 'INVALID', match } = patch;
  if (!match) return true;
  if (!checkVersion(match.proxy?.proxyVersion ?? '', `${path}.match.proxy.proxyVersion`, findings)) return false;
  const wanted = MATCH_OF[applyTo];
  if (wanted === undefined || !choosesObject(match)) return true;
  if (match.listener && wanted === 'listener') return checkListener(match.listener, { applyTo, path }, findings);
  if (match[wanted]) return true;
  findings.error(`${path}.match`, 'MatchUnfit', `must be a match by ${wanted} to apply to ${applyTo}`);
  return wanted !== 'listener';
}

function choosesObject({ listener, routeConfiguration, cluster, waypoint }: EnvoyConfigObjectMatch): boolean {
  return (listener ?? routeConfiguration ?? cluster ?? waypoint) !== undefined;
}

function checkVersion(version: string, path: string, findings: Findings): boolean {
  if (byteLength(version) > MAX_VERSION) {
    findings.warn(path, 'ProxyVersionIgnored', `is longer than ${MAX_VERSION} bytes and is ignored`);
    return true;
  }
  return version === '' || findings.check(path, findRegexFault(version));
}

interface ListenerContext {
  applyTo: string | number;
  path: string;
}

function checkListener({ filterChain }: ListenerMatch, context: ListenerContext, findings: Findings): boolean {
  const filter = filterChain?.filter;
  if (!filter) return true;
  const { applyTo } = context;
  const path = `${context.path}.match.listener.filterChain.filter`;
  if (applyTo === 'LISTENER' || applyTo === 'FILTER_CHAIN') {
    findings.warn(path, 'MatchUnused', `has no effect when applied to ${applyTo}`);
  }
  if ((filter.name ?? '') === '') {
    findings.error(`${path}.name`, 'FilterNameMissing', 'must name the filter');
    return false;
  }
  if (filter.subFilter && !checkSubFilter(filter, { applyTo, path }, findings)) return false;
  warnOfOldName(filter.name ?? '', `${path}.name`, findings);
  warnOfOldName(filter.subFilter?.name ?? '', `${path}.subFilter.name`, findings);
  return true;
}

function checkSubFilter(
  { name = '', subFilter }: FilterMatch,
  { applyTo, path }: ListenerContext,
  findings: Findings,
): boolean {
  const before = findings.list.length;
  if (applyTo !== 'HTTP_FILTER') {
    findings.error(`${path}.subFilter`, 'SubFilterUnfit', 'can only be used when applied to HTTP_FILTER');
  } else if (!CONNECTION_MANAGERS.has(name)) {
    const message = `must be ${[...CONNECTION_MANAGERS][0] ?? ''}, which holds the HTTP filters`;
    findings.error(`${path}.name`, 'SubFilterUnfit', message);
  } else if ((subFilter?.name ?? '') === '') {
    findings.error(`${path}.subFilter.name`, 'FilterNameMissing', 'must name the filter');
  }
  return findings.list.length === before;
}

function warnOfOldName(name: string, path: string, findings: Findings): void {
  const present = OLD_FILTER_NAMES.get(name);
  if (present !== undefined) findings.warn(path, 'FilterNameOld', `${name} is an old name: use ${present}`);
}

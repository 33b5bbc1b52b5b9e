import { listSome } from '../../list-some.ts';
import { hostMatches } from '../../validate/rules/host-match.ts';
import type { Analyzer } from '../analyzer.ts';
import { exportScopes, toFqdn } from '../hosts.ts';
import { KIND } from '../kinds.ts';
import { lookedUpAs } from '../looked-up.ts';
import { message, type Message } from '../messages.ts';
import { fullName, type Resource } from '../resource.ts';
import type { World } from '../world.ts';

const EVERYWHERE = '*';

/** A host that a VirtualService claims inside the mesh. */
interface Claim {
  host: string;
  resource: Resource;
  /** The namespaces that see the claim. */
  scopes: readonly string[];
}

function claimsOf(resource: Resource): Claim[] {
  const { gateways, exportTo, hosts = [] } = lookedUpAs(KIND.virtualService, resource);
  if (gateways && gateways.length > 0 && !gateways.includes('mesh')) return [];
  const scopes = exportScopes(exportTo, resource.namespace);
  return hosts.map((name) => ({ host: toFqdn(name, resource.namespace), resource, scopes }));
}

/** The claims for hosts that have a name in common with that of a claim, itself among them. */
function listRivals(world: World, { host }: Claim): Claim[] {
  const overlapping = world.overlapping(KIND.virtualService, host);
  const claimants = new Set(overlapping.flatMap((each) => world.listMentioning(KIND.virtualService, each)));
  return [...claimants].flatMap(claimsOf).filter((claim) => hostMatches(claim.host, host));
}

/** The namespace that sees two claims contradict each other; none if no namespace does. */
function findCommonScope(a: Claim, b: Claim): string | undefined {
  if (a.host === b.host) {
    const common = a.scopes.find((scope) => b.scopes.includes(scope));
    if (common !== undefined) return common;
  }
  // What all namespaces see contradicts what one sees in particular, also where a host only covers the other.
  const [wide, narrow] = a.scopes.includes(EVERYWHERE) ? [a, b] : [b, a];
  return wide.scopes.includes(EVERYWHERE) && !narrow.scopes.includes(EVERYWHERE) ? narrow.scopes[0] : undefined;
}

function describe(claim: Claim, rivals: readonly Claim[]): string {
  const scope = rivals[0] && findCommonScope(claim, rivals[0]);
  const seen = scope === EVERYWHERE ? 'all namespaces' : `namespace ${scope ?? ''}`;
  const names = listSome([...new Set([claim, ...rivals].map((each) => fullName(each.resource)))].sort());
  return `${names} all claim host ${claim.host} in ${seen}: which one applies is not defined. Merge them, or narrow exportTo.`;
}

function check(world: World, resource: Resource): Message[] {
  const own = new Set<string>();
  for (const claim of claimsOf(resource)) {
    const { host } = claim;
    if (own.has(host)) {
      return [message('IST0109', resource, `${host} is claimed twice: write it once.`, 'spec.hosts')];
    }
    own.add(host);
    const rivals = listRivals(world, claim).filter(
      (other) => other.resource !== resource && findCommonScope(claim, other) !== undefined,
    );
    if (rivals.length > 0) return [message('IST0109', resource, describe(claim, rivals), 'spec.hosts')];
  }
  return [];
}

/** VirtualServices that claim the same host inside the mesh. */
export const conflictingMeshGatewayHosts: Analyzer = {
  name: 'virtualservice.ConflictingMeshGatewayHostsAnalyzer',
  inputs: [KIND.virtualService],
  atAdmission: [KIND.virtualService],
  analyze: (world) => world.list(KIND.virtualService).flatMap((resource) => check(world, resource)),
};

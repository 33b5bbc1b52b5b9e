import { listSome } from '../../list-some.ts';
import type { ServiceEntry } from '../../../api/networking/service-entry.ts';
import type { Analyzer } from '../analyzer.ts';
import { exportScopes } from '../hosts.ts';
import { KIND } from '../kinds.ts';
import { message, type Message } from '../messages.ts';
import { fullName, specAs, type Resource } from '../resource.ts';
import type { World } from '../world.ts';

const EVERYWHERE = '*';

/** That a resource says how to speak at a port of a host. */
interface Claim {
  resource: Resource;
  scopes: readonly string[];
  protocol: string;
}

function listClaims(world: World, host: string, port: number): Claim[] {
  return world.listMentioning(KIND.serviceEntry, host).flatMap((resource) => {
    const { hosts = [], ports = [], exportTo } = specAs<ServiceEntry>(resource);
    if (!hosts.includes(host)) return [];
    const scopes = exportScopes(exportTo, resource.namespace);
    return ports
      .filter(({ number = 0 }) => number === port)
      .map(({ protocol = '' }) => ({ resource, scopes, protocol: protocol.toUpperCase() }));
  });
}

/** The claims that a namespace sees, for the first namespace that sees the resource's own beside different ones. */
function findConflict(resource: Resource, claims: readonly Claim[]): Claim[] | undefined {
  const scopes = new Set(claims.flatMap((claim) => claim.scopes));
  return [...scopes]
    .map((scope) => claims.filter((claim) => claim.scopes.includes(scope) || claim.scopes.includes(EVERYWHERE)))
    .filter((seen) => seen.some((claim) => claim.resource === resource))
    .find((seen) => new Set(seen.map(({ protocol }) => protocol)).size > 1);
}

function check(world: World, resource: Resource): Message[] {
  const { hosts = [], ports = [] } = specAs<ServiceEntry>(resource);
  for (const host of hosts) {
    for (const { number = 0 } of ports) {
      const conflict = findConflict(resource, listClaims(world, host, number));
      if (!conflict) continue;
      const protocols = [...new Set(conflict.map(({ protocol }) => protocol))].sort().join(', ');
      const names = listSome([...new Set(conflict.map((claim) => fullName(claim.resource)))].sort());
      const text = `${names} give port ${String(number)} of host ${host} different protocols (${protocols}): which one applies is not defined.`;
      return [message('IST0177', resource, text, 'spec.ports')];
    }
  }
  return [];
}

/** ServiceEntries that disagree about the protocol of a host's port. */
export const serviceEntryProtocols: Analyzer = {
  name: 'serviceentry.ConflictingServiceEntryProtocolAnalyzer',
  inputs: [KIND.serviceEntry],
  atAdmission: [KIND.serviceEntry],
  analyze: (world) => world.list(KIND.serviceEntry).flatMap((resource) => check(world, resource)),
};

import { listSome } from '../../list-some.ts';
import type { Analyzer } from '../analyzer.ts';
import { exportScopes } from '../hosts.ts';
import { KIND } from '../kinds.ts';
import { lookedUpAs } from '../looked-up.ts';
import { message, type Message } from '../messages.ts';
import { fullName, type Resource } from '../resource.ts';
import type { World } from '../world.ts';

const EVERYWHERE = '*';

/** That a resource says how to speak at a port of a host. */
interface Claim {
  resource: Resource;
  scopes: readonly string[];
  protocol: string;
}

/** What a ServiceEntry says, for the many hosts and ports that it is asked about. */
interface Entry {
  resource: Resource;
  hosts: ReadonlySet<string>;
  claims: ReadonlyMap<number, readonly Claim[]>;
}

function entryOf(resource: Resource): Entry {
  const { hosts = [], ports = [], exportTo } = lookedUpAs(KIND.serviceEntry, resource);
  const scopes = exportScopes(exportTo, resource.namespace);
  const claims = new Map<number, Claim[]>();
  for (const { number = 0, protocol = '' } of ports) {
    const claim = { resource, scopes, protocol: protocol.toUpperCase() };
    const same = claims.get(number);
    if (same) same.push(claim);
    else claims.set(number, [claim]);
  }
  return { resource, hosts: new Set(hosts), claims };
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
  const own = entryOf(resource);
  const entries = new Map([[resource, own]]);
  const recall = (other: Resource): Entry => {
    const entry = entries.get(other) ?? entryOf(other);
    entries.set(other, entry);
    return entry;
  };
  // What it says itself is the same for all of its hosts.
  let isOwnKnown = false;
  for (const host of own.hosts) {
    const claimants = world.listMentioning(KIND.serviceEntry, host).map(recall);
    const rivals = claimants.filter((entry) => entry !== own && entry.hosts.has(host));
    if (rivals.length === 0 && isOwnKnown) continue;
    isOwnKnown = true;
    const found = findAtPorts(own, [own, ...rivals]);
    if (found) return [describe(resource, host, found)];
  }
  return [];
}

function findAtPorts(own: Entry, entries: readonly Entry[]): { port: number; claims: Claim[] } | undefined {
  for (const port of own.claims.keys()) {
    const claims = findConflict(
      own.resource,
      entries.flatMap((entry) => entry.claims.get(port) ?? []),
    );
    if (claims) return { port, claims };
  }
  return undefined;
}

function describe(resource: Resource, host: string, { port, claims }: { port: number; claims: Claim[] }): Message {
  const protocols = [...new Set(claims.map(({ protocol }) => protocol))].sort().join(', ');
  const names = listSome([...new Set(claims.map((claim) => fullName(claim.resource)))].sort());
  const text = `${names} give port ${String(port)} of host ${host} different protocols (${protocols}): which one applies is not defined.`;
  return message('IST0177', resource, text, 'spec.ports');
}

/** ServiceEntries that disagree about the protocol of a host's port. */
export const serviceEntryProtocols: Analyzer = {
  name: 'serviceentry.ConflictingServiceEntryProtocolAnalyzer',
  inputs: [KIND.serviceEntry],
  atAdmission: [KIND.serviceEntry],
  analyze: (world) => world.list(KIND.serviceEntry).flatMap((resource) => check(world, resource)),
};

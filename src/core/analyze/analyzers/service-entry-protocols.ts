import type { ServiceEntry } from '../../../api/networking/service-entry.ts';
import type { Analyzer } from '../analyzer.ts';
import { exportScopes } from '../hosts.ts';
import { KIND } from '../kinds.ts';
import { message, type Message } from '../messages.ts';
import { fullName, specAs, type Resource } from '../resource.ts';
import type { World } from '../world.ts';

interface Claim {
  resource: Resource;
  protocol: string;
}

interface Port {
  scope: string;
  host: string;
  number: number;
  claims: Claim[];
}

const keyOf = (scope: string, host: string, number: number): string => `${scope}/${host}:${String(number)}`;

function claimedPorts(world: World): Map<string, Port> {
  const ports = new Map<string, Port>();
  for (const resource of world.list(KIND.serviceEntry)) {
    const { hosts = [], ports: own = [], exportTo } = specAs<ServiceEntry>(resource);
    const places = exportScopes(exportTo, resource.namespace).flatMap((scope) =>
      hosts.map((host) => ({ scope, host })),
    );
    for (const { scope, host } of places) {
      for (const { number = 0, protocol = '' } of own) {
        const key = keyOf(scope, host, number);
        const port = ports.get(key) ?? { scope, host, number, claims: [] };
        port.claims.push({ resource, protocol: protocol.toUpperCase() });
        ports.set(key, port);
      }
    }
  }
  return ports;
}

function analyze(world: World): Message[] {
  const ports = claimedPorts(world);
  const reported = new Set<Resource>();
  return [...ports.values()].flatMap(({ scope, host, number, claims }) => {
    const all = scope === '*' ? claims : [...claims, ...(ports.get(keyOf('*', host, number))?.claims ?? [])];
    const protocols = [...new Set(all.map(({ protocol }) => protocol))].sort();
    if (protocols.length < 2) return [];
    const names = [...new Set(all.map(({ resource }) => fullName(resource)))].sort().join(', ');
    const text = `${names} give port ${String(number)} of host ${host} different protocols (${protocols.join(', ')}): which one applies is not defined.`;
    const fresh = [...new Set(all.map(({ resource }) => resource))].filter((resource) => !reported.has(resource));
    for (const resource of fresh) reported.add(resource);
    return fresh.map((resource) => message('IST0177', resource, text, 'spec.ports'));
  });
}

/** ServiceEntries that disagree about the protocol of a host's port. */
export const serviceEntryProtocols: Analyzer = {
  name: 'serviceentry.ConflictingServiceEntryProtocolAnalyzer',
  inputs: [KIND.serviceEntry],
  analyze,
};

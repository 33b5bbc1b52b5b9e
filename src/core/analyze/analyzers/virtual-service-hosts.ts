import type { VirtualService } from '../../../api/networking/virtual-service.ts';
import type { Analyzer } from '../analyzer.ts';
import { exportScopes, hostsOverlap, toFqdn } from '../hosts.ts';
import { KIND } from '../kinds.ts';
import { message, type Message } from '../messages.ts';
import { fullName, specAs, type Resource } from '../resource.ts';
import type { World } from '../world.ts';

interface Claim {
  scope: string;
  host: string;
  claimants: Resource[];
}

/** The hosts that VirtualServices claim inside the mesh, by the namespaces that see the claim. */
function meshClaims(world: World): Claim[] {
  const claims = new Map<string, Claim>();
  for (const resource of world.list(KIND.virtualService)) {
    const { gateways, exportTo, hosts } = specAs<VirtualService>(resource);
    if (gateways && gateways.length > 0 && !gateways.includes('mesh')) continue;
    for (const scope of exportScopes(exportTo, resource.namespace)) {
      for (const name of hosts ?? []) {
        const host = toFqdn(name, resource.namespace);
        const key = `${scope}/${host}`;
        const claim = claims.get(key) ?? { scope, host, claimants: [] };
        claim.claimants.push(resource);
        claims.set(key, claim);
      }
    }
  }
  return [...claims.values()];
}

function analyze(world: World): Message[] {
  const claims = meshClaims(world);
  const everywhere = claims.filter(({ scope }) => scope === '*');
  const reported = new Set<Resource>();
  const messages: Message[] = [];
  for (const { scope, host, claimants } of claims) {
    const others =
      scope === '*'
        ? []
        : everywhere.filter((other) => hostsOverlap(host, other.host)).flatMap((other) => other.claimants);
    const rivals = [...claimants, ...others];
    if (rivals.length < 2) continue;
    const names = rivals.map(fullName).sort().join(', ');
    for (const rival of rivals) {
      if (reported.has(rival)) continue;
      reported.add(rival);
      const seen = scope === '*' ? 'all namespaces' : `namespace ${scope}`;
      const text = `${names} all claim host ${host} in ${seen}: which one applies is not defined. Merge them, or narrow exportTo.`;
      messages.push(message('IST0109', rival, text, 'spec.hosts'));
    }
  }
  return messages;
}

/** VirtualServices that claim the same host inside the mesh. */
export const conflictingMeshGatewayHosts: Analyzer = {
  name: 'virtualservice.ConflictingMeshGatewayHostsAnalyzer',
  inputs: [KIND.virtualService],
  analyze,
};

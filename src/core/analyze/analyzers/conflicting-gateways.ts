import type { Gateway } from '../../../api/networking/gateway.ts';
import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import { message, type Message } from '../messages.ts';
import { fullName, specAs, type Resource } from '../resource.ts';
import { hasLabels, selectorText, type Labels } from '../../label-selector.ts';
import type { World } from '../world.ts';

type Server = NonNullable<Gateway['servers']>[number];

const portOf = (server: Server): number => server.port?.number ?? 0;

/** Whether two selectors are equal, or one text holds the other and a pod carries both. */
function overlap(world: World, a: Labels, b: Labels): boolean {
  const [textA, textB] = [selectorText(a), selectorText(b)];
  if (textA === textB) return true;
  if (!textA.includes(textB) && !textB.includes(textA)) return false;
  return world.list(KIND.pod).some(({ labels }) => hasLabels(labels, a) && hasLabels(labels, b));
}

/** Per gateway and port, the hosts with the address they are bound to; a later server of the gateway replaces. */
function claimedHosts(gateway: Resource, port: number): Map<string, string> {
  const servers = (specAs<Gateway>(gateway).servers ?? []).filter((server) => portOf(server) === port);
  const last = servers.at(-1);
  return new Map((last?.hosts ?? []).map((host) => [host, last?.bind ?? '']));
}

/** The gateways that name one of the hosts. */
function listNaming(world: World, hosts: readonly string[]): Resource[] {
  return [...new Set(hosts.flatMap((host) => world.listMentioning(KIND.gateway, host)))];
}

function check(world: World, resource: Resource): Message[] {
  const { selector = {}, servers = [] } = specAs<Gateway>(resource);
  return servers.flatMap((server, i) => {
    const hosts = server.hosts ?? [];
    const conflicting = listNaming(world, hosts)
      .filter((other) => fullName(other) !== fullName(resource))
      .filter((other) => {
        const claimed = claimedHosts(other, portOf(server));
        return hosts.some((host) => claimed.get(host) === (server.bind ?? ''));
      })
      .filter((other) => overlap(world, selector, specAs<Gateway>(other).selector ?? {}));
    if (conflicting.length === 0) return [];
    const names = conflicting.map(fullName).sort().join(', ');
    const text = `Gateway ${names} serves the same hosts (${hosts.join(', ')}) at port ${String(portOf(server))} of the same pods (${selectorText(selector)}): which one applies is not defined.`;
    return [message('IST0145', resource, text, `spec.servers[${i}].hosts`)];
  });
}

/** Gateways that claim the same port and host of the same pods. */
export const conflictingGateways: Analyzer = {
  name: 'gateway.ConflictingGatewayAnalyzer',
  inputs: [KIND.gateway, KIND.pod],
  atAdmission: [KIND.gateway],
  analyze: (world) => world.list(KIND.gateway).flatMap((resource) => check(world, resource)),
};

import { listSome } from '../../list-some.ts';
import type { Gateway } from '../../../api/networking/gateway.ts';
import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import { lookedUpAs } from '../looked-up.ts';
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

/** By port, the hosts of a gateway with the address they are bound to; a later server of a port replaces. */
function claimsOf(gateway: Resource): Map<number, Map<string, string>> {
  return new Map(
    (lookedUpAs(KIND.gateway, gateway).servers ?? []).map((server) => [
      portOf(server),
      new Map((server.hosts ?? []).map((host) => [host, server.bind ?? ''])),
    ]),
  );
}

/** The other gateways of the same pods that name one of the hosts, with what they claim. */
function listRivals(world: World, resource: Resource): { rival: Resource; claims: ReturnType<typeof claimsOf> }[] {
  const { selector = {}, servers = [] } = specAs<Gateway>(resource);
  const hosts = new Set(servers.flatMap((server) => server.hosts ?? []));
  const naming = new Set([...hosts].flatMap((host) => world.listMentioning(KIND.gateway, host)));
  return [...naming]
    .filter((other) => fullName(other) !== fullName(resource))
    .filter((other) => overlap(world, selector, lookedUpAs(KIND.gateway, other).selector ?? {}))
    .map((rival) => ({ rival, claims: claimsOf(rival) }));
}

function check(world: World, resource: Resource): Message[] {
  const { selector, servers = [] } = specAs<Gateway>(resource);
  const rivals = listRivals(world, resource);
  return servers.flatMap((server, i) => {
    const hosts = server.hosts ?? [];
    const conflicting = rivals.filter(({ claims }) => {
      const claimed = claims.get(portOf(server));
      return hosts.some((host) => claimed?.get(host) === (server.bind ?? ''));
    });
    if (conflicting.length === 0) return [];
    const names = listSome(conflicting.map(({ rival }) => fullName(rival)).sort());
    const text = `Gateway ${names} serves the same hosts (${listSome(hosts)}) at port ${String(portOf(server))} of the same pods (${selectorText(selector)}): which one applies is not defined.`;
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

import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import type { ServicePortView, ServiceView } from '../kubernetes-views.ts';
import { message, type Message } from '../messages.ts';
import { fullName, specAs, type Resource } from '../resource.ts';

function portsText(ports: readonly ServicePortView[] = []): string {
  const sorted = [...ports].sort((a, b) => ((a.name ?? '') < (b.name ?? '') ? -1 : 1));
  return JSON.stringify(
    sorted.map(({ name, port, protocol, appProtocol, targetPort }) => [name, port, protocol, appProtocol, targetPort]),
  );
}

function differences(services: readonly Resource[]): string[] {
  const specs = services.map((service) => specAs<ServiceView>(service));
  const differ = (valueOf: (spec: ServiceView) => unknown): boolean => new Set(specs.map(valueOf)).size > 1;
  return [
    ...(differ(({ clusterIP }) => clusterIP === 'None') ? ['headless in one and not in another'] : []),
    ...(differ(({ type = '' }) => type) ? ['type'] : []),
    ...(differ(({ ports }) => portsText(ports)) ? ['ports'] : []),
  ];
}

function check(services: readonly Resource[]): Message[] {
  const [first] = services;
  const differing = services.length > 1 ? differences(services) : [];
  if (!first || differing.length === 0) return [];
  const clusters = services
    .map(({ origin }) => origin.cluster ?? '')
    .sort()
    .join(', ');
  const text = `Service ${fullName(first)} is not the same in clusters ${clusters} (${differing.join('; ')}): the mesh takes them for one service.`;
  return [message('IST0170', first, text, 'spec')];
}

/** Services of one name that differ between the clusters of a mesh. */
export const multiClusterServices: Analyzer = {
  name: 'services.MultiClusterServiceAnalyzer',
  inputs: [KIND.service],
  analyze: (world) => {
    const byName = new Map<string, Resource[]>();
    for (const service of world.list(KIND.service)) {
      if (service.origin.cluster === undefined) continue;
      byName.set(fullName(service), [...(byName.get(fullName(service)) ?? []), service]);
    }
    return [...byName.values()].flatMap(check);
  },
};

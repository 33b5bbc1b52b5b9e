import { EXPORT_TO_ANNOTATION } from '../../api/istio-names.ts';
import { exportScopes, toFqdn } from './hosts.ts';
import { KIND } from './kinds.ts';
import { lookedUpAs } from './looked-up.ts';
import type { Need } from './messages.ts';
import type { Resource } from './resource.ts';
import type { World } from './world.ts';

/** A destination that routes can name: a service of the cluster or a host of a ServiceEntry. */
export interface KnownHost {
  ports: readonly number[];
  /** What gives the host. */
  provider: Resource;
}

/** Who asks for a destination. */
export interface Viewer {
  namespace: string;
  exportTo?: readonly string[] | undefined;
}

const EVERYWHERE = '*';
const PROVIDERS = [KIND.serviceEntry, KIND.service] as const;

/** The destination that a host names, as a namespace sees it: named itself, or covered by the longest wildcard. */
export function findServiceHost(
  world: World,
  host: string,
  { namespace, exportTo = [] }: Viewer,
): KnownHost | undefined {
  const fqdn = toFqdn(host, namespace);
  const scopes = exportTo.length > 0 ? exportTo.map((scope) => (scope === '.' ? namespace : scope)) : [namespace];
  for (const scope of [EVERYWHERE, ...scopes]) {
    const provider = findProvider(world, fqdn, scope);
    if (provider) return knownHostOf(provider);
  }
  return findWildcard(world, host, namespace);
}

/** What would provide a host: a Service by its name in the cluster, else a ServiceEntry. */
export function providerNeed(host: string, namespace: string): Need {
  const [name = '', ofNamespace = '', svc] = host.split('.');
  if (!host.includes('.') && !host.startsWith('*')) return { kind: KIND.service, name: host, namespace };
  return svc === 'svc' ? { kind: KIND.service, name, namespace: ofNamespace } : { kind: KIND.serviceEntry, name: host };
}

/** Of several, Services come before ServiceEntries and the last before the first. */
function findProvider(world: World, host: string, scope: string): Resource | undefined {
  return PROVIDERS.flatMap((kind) => world.listMentioning(kind, host)).findLast((resource) =>
    scopesOf(resource).includes(scope),
  );
}

/** A wildcard host is covered by itself or a wider one. Istio prefers the longest name with its scope. */
function findWildcard(world: World, host: string, namespace: string): KnownHost | undefined {
  const covering = world.wildcardsOver(KIND.serviceEntry, host);
  const wildcards = host.startsWith('*') ? [host, ...covering] : covering;
  const providers = wildcards.flatMap((wildcard) =>
    [EVERYWHERE, namespace].flatMap((scope) => {
      const provider = findProvider(world, wildcard, scope);
      return provider ? [{ provider, length: scope.length + wildcard.length }] : [];
    }),
  );
  const [best] = providers.sort((a, b) => b.length - a.length);
  return best && knownHostOf(best.provider);
}

function scopesOf(resource: Resource): string[] {
  const { kind, annotations, namespace } = resource;
  if (kind === KIND.serviceEntry) return exportScopes(lookedUpAs(KIND.serviceEntry, resource).exportTo, namespace);
  return exportScopesOfService({ annotations, namespace });
}

/** The namespaces that see a Service: `*` is all. */
export function exportScopesOfService({
  annotations,
  namespace,
}: Pick<Resource, 'annotations' | 'namespace'>): string[] {
  const exported = annotations[EXPORT_TO_ANNOTATION];
  if (!exported) return [EVERYWHERE];
  return exported.split(',').map((scope) => (scope.trim() === '.' ? namespace : scope.trim()));
}

function knownHostOf(provider: Resource): KnownHost {
  if (provider.kind === KIND.service) {
    const { ports = [] } = lookedUpAs(KIND.service, provider);
    return { ports: ports.map(({ port }) => port), provider };
  }
  const { ports = [] } = lookedUpAs(KIND.serviceEntry, provider);
  return { ports: ports.map(({ number }) => number ?? 0), provider };
}

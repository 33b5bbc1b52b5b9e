import type { ServiceEntry } from '../../api/networking/service-entry.ts';
import { exportScopes, toFqdn } from './hosts.ts';
import { KIND } from './kinds.ts';
import type { ServiceView } from './kubernetes-views.ts';
import { specAs } from './resource.ts';
import type { Labels } from '../label-selector.ts';
import type { World } from './world.ts';

/** A destination that routes can name: a service of the cluster or a host of a ServiceEntry. */
export interface KnownHost {
  ports: readonly number[];
  workloadLabels: Labels;
}

/** Finds destinations by host as a namespace sees them. */
export interface HostLookup {
  find: (
    host: string,
    seenFrom: { namespace: string; exportTo?: readonly string[] | undefined },
  ) => KnownHost | undefined;
}

type Hosts = Map<string, KnownHost>;

function addServiceEntries(world: World, hosts: Hosts): void {
  for (const resource of world.list(KIND.serviceEntry)) {
    const spec = specAs<ServiceEntry>(resource);
    const known = {
      ports: (spec.ports ?? []).map(({ number }) => number ?? 0),
      workloadLabels: spec.workloadSelector?.labels ?? {},
    };
    for (const scope of exportScopes(spec.exportTo, resource.namespace)) {
      for (const host of spec.hosts ?? []) hosts.set(`${scope}/${toFqdn(host, resource.namespace)}`, known);
    }
  }
}

function addServices(world: World, hosts: Hosts): void {
  for (const resource of world.list(KIND.service)) {
    const known = { ports: (specAs<ServiceView>(resource).ports ?? []).map(({ port }) => port), workloadLabels: {} };
    const exported = resource.annotations['networking.istio.io/exportTo'];
    const scopes = exported ? exported.split(',').map((scope) => scope.trim()) : ['*'];
    for (const scope of scopes) {
      const namespace = scope === '.' ? resource.namespace : scope;
      hosts.set(`${namespace}/${toFqdn(resource.name, resource.namespace)}`, known);
    }
  }
}

/** All hosts of services and ServiceEntries, each in the namespaces that it is exported to. */
export function indexServiceHosts(world: World): HostLookup {
  const hosts: Hosts = new Map();
  addServiceEntries(world, hosts);
  addServices(world, hosts);
  const wildcards = [...hosts].filter(([key]) => key.includes('/*')).sort(([a], [b]) => b.length - a.length);
  return {
    find: (host, { namespace, exportTo = [] }) => {
      const fqdn = toFqdn(host, namespace);
      const scopes = exportTo.length > 0 ? exportTo.map((scope) => (scope === '.' ? namespace : scope)) : [namespace];
      const exact = ['*', ...scopes].map((scope) => hosts.get(`${scope}/${fqdn}`)).find((known) => known !== undefined);
      return exact ?? findWildcard(wildcards, host, namespace);
    },
  };
}

/** The longest wildcard that covers the host; a wildcard host is covered by a wider one. */
function findWildcard(
  wildcards: readonly [string, KnownHost][],
  host: string,
  namespace: string,
): KnownHost | undefined {
  const wanted = host.startsWith('*') ? host.slice(1) : host;
  return wildcards.find(([key]) => {
    const slash = key.indexOf('/');
    const scope = key.slice(0, slash);
    return (scope === '*' || scope === namespace) && wanted.endsWith(key.slice(slash + 2));
  })?.[1];
}

import type { DestinationRule } from '../../../api/networking/destination-rule.ts';
import type { VirtualService } from '../../../api/networking/virtual-service.ts';
import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import { lookedUpAs } from '../looked-up.ts';
import { meshConfigOf, rootNamespaceOf } from '../mesh-settings.ts';
import { message, missing, type Message } from '../messages.ts';
import { specAs, type Resource } from '../resource.ts';
import { findServiceHost, providerNeed } from '../service-hosts.ts';
import type { World } from '../world.ts';
import { mirrorDestinations, routeDestinations } from './virtual-service-destinations.ts';

const REGISTRY_ONLY = 'REGISTRY_ONLY';

/** Whether a namespace may only call what the mesh knows: by its own Sidecar, the root namespace's, or the mesh. */
function isRegistryOnly(world: World, namespace: string): boolean {
  for (const place of [namespace, rootNamespaceOf(world)]) {
    const general = world.listIn(KIND.sidecar, place).map((sidecar) => lookedUpAs(KIND.sidecar, sidecar));
    const policy = general.find(({ workloadSelector }) => !workloadSelector)?.outboundTrafficPolicy;
    if (policy) return (policy.mode ?? REGISTRY_ONLY) === REGISTRY_ONLY;
  }
  return meshConfigOf(world).outboundTrafficPolicy?.mode === REGISTRY_ONLY;
}

function isExternal(host: string): boolean {
  return host.includes('.') && !host.endsWith('.svc.cluster.local') && !host.startsWith('*');
}

function namedHosts(resource: Resource): { host: string; path: string }[] {
  if (resource.kind === KIND.destinationRule) {
    return [{ host: specAs<DestinationRule>(resource).host ?? '', path: 'spec.host' }];
  }
  return [...routeDestinations(resource), ...mirrorDestinations(resource)].map(({ host, path }) => ({
    host,
    path: `${path}.host`,
  }));
}

function check(world: World, resource: Resource): Message[] {
  const { exportTo } = specAs<VirtualService | DestinationRule>(resource);
  return namedHosts(resource)
    .filter(
      ({ host }) => isExternal(host) && !findServiceHost(world, host, { namespace: resource.namespace, exportTo }),
    )
    .map(({ host, path }) => {
      const text = `${host} is outside the mesh, and namespace ${resource.namespace} may call registered hosts only (REGISTRY_ONLY): add a ServiceEntry for it.`;
      return missing(message('SWT0002', resource, text, path), providerNeed(host, resource.namespace));
    });
}

/** External hosts without a ServiceEntry, where only registered hosts may be called. */
export const externalHosts: Analyzer = {
  name: 'sailwright.ExternalHostAnalyzer',
  inputs: [KIND.virtualService, KIND.destinationRule, KIND.serviceEntry, KIND.service, KIND.sidecar, KIND.meshConfig],
  atAdmission: [KIND.virtualService, KIND.destinationRule],
  analyze: (world) =>
    [...world.list(KIND.virtualService), ...world.list(KIND.destinationRule)]
      .filter(({ namespace }) => isRegistryOnly(world, namespace))
      .flatMap((resource) => check(world, resource)),
};

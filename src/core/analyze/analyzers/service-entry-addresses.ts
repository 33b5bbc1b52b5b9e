import type { ServiceEntry } from '../../../api/networking/service-entry.ts';
import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import { meshConfigOf } from '../mesh-settings.ts';
import { message, type Message } from '../messages.ts';
import { specAs, type Resource } from '../resource.ts';
import type { World } from '../world.ts';

function allocatesAddresses(world: World): boolean {
  const metadata = meshConfigOf(world).defaultConfig?.proxyMetadata ?? {};
  if (metadata.ISTIO_META_DNS_CAPTURE !== 'true') return false;
  return metadata.ISTIO_META_DNS_AUTO_ALLOCATE === 'true' || metadata.PILOT_ENABLE_IP_AUTOALLOCATE === 'true';
}

function hasAllocated({ status }: Resource): boolean {
  return Array.isArray(status?.addresses) && status.addresses.length > 0;
}

function check(resource: Resource): Message[] {
  const { addresses, ports = [] } = specAs<ServiceEntry>(resource);
  if (addresses || hasAllocated(resource)) return [];
  return ports.flatMap(({ protocol = '' }, i) => {
    if (protocol !== '' && protocol.toLowerCase() !== 'tcp') return [];
    const text =
      'A TCP port needs an address of its own to be told apart: set spec.addresses, or let istiod allocate them.';
    return [message('IST0134', resource, text, `spec.ports[${i}]`)];
  });
}

/** ServiceEntries for TCP without an address. */
export const serviceEntryAddresses: Analyzer = {
  name: 'serviceentry.Analyzer',
  inputs: [KIND.serviceEntry, KIND.meshConfig],
  atAdmission: [KIND.serviceEntry],
  analyze: (world) => (allocatesAddresses(world) ? [] : world.list(KIND.serviceEntry).flatMap(check)),
};

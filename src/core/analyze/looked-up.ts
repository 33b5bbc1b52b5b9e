import type { DestinationRule } from '../../api/networking/destination-rule.ts';
import type { Gateway } from '../../api/networking/gateway.ts';
import type { ServiceEntry } from '../../api/networking/service-entry.ts';
import type { Sidecar } from '../../api/networking/sidecar.ts';
import type { VirtualService } from '../../api/networking/virtual-service.ts';
import type { Telemetry } from '../../api/telemetry/telemetry.ts';
import type { KIND } from './kinds.ts';
import type { KubernetesGatewayView, ServiceView } from './kubernetes-views.ts';
import { specAs, type Resource } from './resource.ts';

/** A route of a VirtualService that sends a part of its own host to a subset. */
export interface SplitView {
  destination?: { host: string; subset: string };
}

/** What analysis at admission may read of resources other than the one that is judged: no more of them is kept. */
export interface LookedUpSpecs {
  [KIND.virtualService]: Pick<VirtualService, 'hosts' | 'gateways' | 'exportTo'> & { http?: { route?: SplitView[] }[] };
  [KIND.destinationRule]: Pick<DestinationRule, 'host' | 'exportTo'> & { subsets?: { name: string }[] };
  [KIND.gateway]: Pick<Gateway, 'selector' | 'servers'>;
  [KIND.kubernetesGateway]: { listeners?: Pick<NonNullable<KubernetesGatewayView['listeners']>[number], 'hostname'>[] };
  [KIND.serviceEntry]: Pick<ServiceEntry, 'hosts' | 'ports' | 'exportTo'>;
  [KIND.sidecar]: Pick<Sidecar, 'workloadSelector' | 'outboundTrafficPolicy'>;
  [KIND.telemetry]: Pick<Telemetry, 'selector'>;
  [KIND.service]: { ports?: Pick<NonNullable<ServiceView['ports']>[number], 'port'>[] };
  [KIND.serviceAccount]: object;
  [KIND.namespace]: object;
}

/** The kinds of which admission keeps all resources. */
export type LookedUpKind = keyof LookedUpSpecs;

/** The spec of a resource of that kind which was looked up: by all analyzers, or while a change waits. */
export function lookedUpAs<K extends LookedUpKind>(_kind: K, resource: Resource): LookedUpSpecs[K] {
  return specAs<LookedUpSpecs[K]>(resource);
}

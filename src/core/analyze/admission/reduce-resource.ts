import { EXPORT_TO_ANNOTATION } from '../../../api/istio-names.ts';
import type { DestinationRule } from '../../../api/networking/destination-rule.ts';
import type { Gateway } from '../../../api/networking/gateway.ts';
import type { ServiceEntry } from '../../../api/networking/service-entry.ts';
import type { Sidecar } from '../../../api/networking/sidecar.ts';
import type { VirtualService } from '../../../api/networking/virtual-service.ts';
import type { Telemetry } from '../../../api/telemetry/telemetry.ts';
import type { AnalysisTraits } from '../../istio/traits.ts';
import type { JsonObject } from '../../kube-object.ts';
import { KIND, type Kind } from '../kinds.ts';
import type { KubernetesGatewayView, ServiceView } from '../kubernetes-views.ts';
import type { LookedUpKind, LookedUpSpecs, SplitView } from '../looked-up.ts';
import { specAs, type Resource } from '../resource.ts';

interface WholeSpecs {
  [KIND.virtualService]: VirtualService;
  [KIND.destinationRule]: DestinationRule;
  [KIND.gateway]: Gateway;
  [KIND.kubernetesGateway]: KubernetesGatewayView;
  [KIND.serviceEntry]: ServiceEntry;
  [KIND.sidecar]: Sidecar;
  [KIND.telemetry]: Telemetry;
  [KIND.service]: ServiceView;
  [KIND.serviceAccount]: object;
  [KIND.namespace]: object;
}

const REDUCED: { readonly [K in LookedUpKind]: (spec: WholeSpecs[K]) => LookedUpSpecs[K] } = {
  [KIND.virtualService]: ({ hosts, gateways, exportTo, http }) => ({
    hosts,
    gateways,
    exportTo,
    ...splitsOf(http ?? [], hosts ?? []),
  }),
  [KIND.destinationRule]: ({ host, exportTo, subsets = [] }) => ({
    host,
    exportTo,
    subsets: subsets.map(({ name = '' }) => ({ name })),
  }),
  [KIND.gateway]: ({ selector, servers }) => ({ selector, servers }),
  [KIND.kubernetesGateway]: ({ listeners = [] }) => ({
    listeners: listeners.map(({ hostname }) => (hostname === undefined ? {} : { hostname })),
  }),
  [KIND.serviceEntry]: ({ hosts, ports, exportTo }) => ({ hosts, ports, exportTo }),
  [KIND.sidecar]: ({ workloadSelector, outboundTrafficPolicy }) => ({ workloadSelector, outboundTrafficPolicy }),
  [KIND.telemetry]: ({ selector }) => ({ selector }),
  [KIND.service]: ({ ports = [] }) => ({ ports: ports.map(({ port }) => ({ port })) }),
  [KIND.serviceAccount]: () => ({}),
  [KIND.namespace]: () => ({}),
};

/** The kinds of which the world of admission holds all resources. */
export const LOOKED_UP: readonly Kind[] = Object.keys(REDUCED) as Kind[];

/** Of these, the ones that are looked up for releases with a trait only. */
export const LOOKED_UP_BY_TRAIT: ReadonlyMap<Kind, keyof AnalysisTraits> = new Map<Kind, keyof AnalysisTraits>([
  [KIND.kubernetesGateway, 'knowsKubernetesGateways'],
]);

/** Keeps of a resource only what the analyzers of admission look up, so that many of them fit into memory. */
export function reduceResource(resource: Resource): Resource {
  const { kind, labels, annotations } = resource;
  const { [EXPORT_TO_ANNOTATION]: exportTo } = annotations;
  return {
    ...resource,
    labels: kind === KIND.namespace ? labels : {},
    annotations: kind === KIND.service && exportTo !== undefined ? { [EXPORT_TO_ANNOTATION]: exportTo } : {},
    // Through text, so that nothing keeps the whole resource in memory.
    spec: JSON.parse(JSON.stringify(reducedSpec(resource))) as JsonObject,
    status: undefined,
  };
}

function reducedSpec(resource: Resource): object {
  // Each resource is reduced by the function of its own kind.
  const reduce = (REDUCED as Partial<Record<Kind, (spec: never) => object>>)[resource.kind];
  return reduce?.(specAs<never>(resource)) ?? {};
}

function splitsOf(
  http: NonNullable<VirtualService['http']>,
  hosts: readonly string[],
): { http?: { route: SplitView[] }[] } {
  const route = http.flatMap(({ route: routes = [] }) =>
    routes.flatMap(({ destination }) => {
      const { host = '', subset = '' } = destination ?? {};
      return subset !== '' && hosts.includes(host) ? [{ destination: { host, subset } }] : [];
    }),
  );
  return route.length > 0 ? { http: [{ route }] } : {};
}

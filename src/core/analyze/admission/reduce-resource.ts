import { EXPORT_TO_ANNOTATION } from '../../../api/istio-names.ts';
import type { DestinationRule } from '../../../api/networking/destination-rule.ts';
import type { VirtualService } from '../../../api/networking/virtual-service.ts';
import type { JsonObject } from '../../kube-object.ts';
import { KIND, type Kind } from '../kinds.ts';
import type { ServiceView } from '../kubernetes-views.ts';
import { specAs, type Resource } from '../resource.ts';

type Reduce = (resource: Resource) => object;

/** What the analyzers of admission look up in others, by kind. */
const REDUCED: Partial<Record<Kind, Reduce>> = {
  [KIND.virtualService]: (resource) => {
    const { hosts, gateways, exportTo, ...spec } = specAs<VirtualService>(resource);
    return { hosts, gateways, exportTo, http: splitsOf({ ...spec, hosts: hosts ?? [] }) };
  },
  [KIND.destinationRule]: (resource) => {
    const { host, exportTo, subsets } = specAs<DestinationRule>(resource);
    return { host, exportTo, subsets: subsets?.map(({ name }) => ({ name })) };
  },
  [KIND.gateway]: pick('selector', 'servers'),
  [KIND.serviceEntry]: pick('hosts', 'ports', 'exportTo'),
  [KIND.sidecar]: pick('workloadSelector', 'outboundTrafficPolicy'),
  [KIND.telemetry]: pick('selector'),
  [KIND.service]: (resource) => ({ ports: specAs<ServiceView>(resource).ports?.map(({ port }) => ({ port })) }),
  [KIND.serviceAccount]: () => ({}),
  [KIND.namespace]: () => ({}),
};

/** The kinds of which the world of admission holds all resources. */
export const LOOKED_UP: readonly Kind[] = Object.keys(REDUCED) as Kind[];

/** Keeps of a resource only what the analyzers of admission look up, so that many of them fit into memory. */
export function reduceResource(resource: Resource): Resource {
  const { kind, labels, annotations } = resource;
  const { [EXPORT_TO_ANNOTATION]: exportTo } = annotations;
  return {
    ...resource,
    labels: kind === KIND.namespace ? labels : {},
    annotations: kind === KIND.service && exportTo !== undefined ? { [EXPORT_TO_ANNOTATION]: exportTo } : {},
    // Through text, so that nothing keeps the whole resource in memory.
    spec: JSON.parse(JSON.stringify(REDUCED[kind]?.(resource) ?? {})) as JsonObject,
    status: undefined,
  };
}

function pick(...fields: readonly string[]): Reduce {
  return ({ spec }) => Object.fromEntries(fields.map((field) => [field, spec[field]]));
}

/** The routes that send a part of the service's own host to a subset. */
function splitsOf({ http = [], hosts = [] }: VirtualService): object[] | undefined {
  const splits = http.flatMap(({ route = [] }) =>
    route
      .filter(({ destination }) => destination?.subset && hosts.includes(destination.host ?? ''))
      .map(({ destination }) => ({ destination: { host: destination?.host, subset: destination?.subset } })),
  );
  return splits.length > 0 ? [{ route: splits }] : undefined;
}

import * as names from '../../../../inject/templates/traffic-settings.ts';
import { annotation, annotationOr, hasAnnotation } from './pod-facts.ts';

/** Which traffic of the pod the proxy captures, as expressions. */
export const TRAFFIC = {
  includeOutboundRanges: annotationOr(names.INCLUDE_OUTBOUND_RANGES, '$proxy.includeIPRanges'),
  excludeOutboundRanges: annotationOr(names.EXCLUDE_OUTBOUND_RANGES, '$proxy.excludeIPRanges'),
  includeInboundPorts: annotationOr(names.INCLUDE_INBOUND_PORTS, '$proxy.includeInboundPorts'),
  excludeInboundPorts: `(excludeInboundPort $statusPort ${annotationOr(names.EXCLUDE_INBOUND_PORTS, '$proxy.excludeInboundPorts')})`,
  includeOutboundPorts: annotationOr(names.INCLUDE_OUTBOUND_PORTS, '$proxy.includeOutboundPorts'),
  excludeOutboundPorts: annotationOr(names.EXCLUDE_OUTBOUND_PORTS, '$proxy.excludeOutboundPorts'),
} as const;

const isGiven = (name: string, key: string): string =>
  `or ${hasAnnotation(name)} (ne (valueOrDefault $proxy.${key} "") "")`;

/** Whether somebody says which ports are captured on the way out. */
export const INCLUDES_OUTBOUND_PORTS = isGiven(names.INCLUDE_OUTBOUND_PORTS, 'includeOutboundPorts');
export const EXCLUDES_OUTBOUND_PORTS = isGiven(names.EXCLUDE_OUTBOUND_PORTS, 'excludeOutboundPorts');

/** Interfaces whose traffic comes from a virtual machine in the pod: the name of today, then that of before. */
export const REROUTES = hasAnnotation(names.REROUTE_INTERFACES);
export const REROUTES_KUBEVIRT = hasAnnotation(names.KUBEVIRT_INTERFACES);
export const REROUTED = annotation(names.REROUTE_INTERFACES);
export const REROUTED_KUBEVIRT = annotation(names.KUBEVIRT_INTERFACES);

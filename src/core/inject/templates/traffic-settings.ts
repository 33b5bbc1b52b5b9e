import { STATUS_PORT_ANNOTATION } from '../../../api/istio-names.ts';
import type { Json } from '../../kube-object.ts';
import { isTruthy, equalsText, valuesSection } from './injection-values.ts';
import { annotationOr, type ProxyAnnotation, type ProxyInput } from './template-input.ts';
const TRAFFIC = 'traffic.sidecar.istio.io';
export const INCLUDE_OUTBOUND_RANGES = `${TRAFFIC}/includeOutboundIPRanges` as const;
export const EXCLUDE_OUTBOUND_RANGES = `${TRAFFIC}/excludeOutboundIPRanges` as const;
export const INCLUDE_INBOUND_PORTS = `${TRAFFIC}/includeInboundPorts` as const;
export const EXCLUDE_INBOUND_PORTS = `${TRAFFIC}/excludeInboundPorts` as const;
export const INCLUDE_OUTBOUND_PORTS = `${TRAFFIC}/includeOutboundPorts` as const;
export const EXCLUDE_OUTBOUND_PORTS = `${TRAFFIC}/excludeOutboundPorts` as const;
export const KUBEVIRT_INTERFACES = `${TRAFFIC}/kubevirtInterfaces` as const;
export const EXCLUDE_INTERFACES = `${TRAFFIC}/excludeInterfaces` as const;
export const REROUTE_INTERFACES = 'istio.io/reroute-virtual-interfaces';

/** Which traffic of the pod the proxy captures. */
export interface TrafficSettings {
  includeOutboundRanges: string;
  excludeOutboundRanges: string;
  includeInboundPorts: string;
  /** With the status port, when there is one. */
  excludeInboundPorts: string;
  includeOutboundPorts: string | undefined;
  excludeOutboundPorts: string | undefined;
}

/** Reads the traffic annotations with the mesh's defaults. */
export function trafficSettings(input: ProxyInput): TrafficSettings {
  const { proxy } = input;
  const excluded = annotationOr(input, EXCLUDE_INBOUND_PORTS, proxy.excludeInboundPorts);
  return {
    includeOutboundRanges: annotationOr(input, INCLUDE_OUTBOUND_RANGES, proxy.includeIPRanges),
    excludeOutboundRanges: annotationOr(input, EXCLUDE_OUTBOUND_RANGES, proxy.excludeIPRanges),
    includeInboundPorts: annotationOr(input, INCLUDE_INBOUND_PORTS, proxy.includeInboundPorts),
    excludeInboundPorts: withPort(excluded, statusPortOf(input)),
    includeOutboundPorts: optional(input, INCLUDE_OUTBOUND_PORTS, 'includeOutboundPorts'),
    excludeOutboundPorts: optional(input, EXCLUDE_OUTBOUND_PORTS, 'excludeOutboundPorts'),
  };
}

function optional(input: ProxyInput, annotation: ProxyAnnotation, key: string): string | undefined {
  const value: Json | undefined = input.proxy[key];
  if (input.annotations[annotation] !== undefined) return input.annotations[annotation];
  const absent = value === undefined || value === null || equalsText(value, '', `global.proxy.${key}`);
  return absent ? undefined : annotationOr(input, annotation, value);
}

/** The port on which the agent answers the kubelet; `0` for none. */
export function statusPortOf(input: ProxyInput): string {
  return annotationOr(input, STATUS_PORT_ANNOTATION, input.proxy.statusPort);
}

/** A port list with one port more, unless it is in it already or there is none. */
export function withPort(list: string, port: string): string {
  const wanted = port.trim();
  if (wanted === '' || wanted === '0') return list;
  const ports = list.split(',');
  if (ports.includes(wanted)) return list;
  const kept = ports.map((item) => item.trim()).filter((item) => item !== '');
  return [...kept, wanted].join(',');
}

/** Whether the CNI plugin sets up the pod's network. */
export function usesCni({ pilot }: ProxyInput): boolean {
  return isTruthy(valuesSection(pilot, 'cni', 'pilot.cni').enabled);
}

import {
  CANONICAL_NAME_LABEL,
  CANONICAL_REVISION_LABEL,
  INTERCEPTION_MODE_ANNOTATION,
  REVISION_LABEL,
  TLS_MODE_LABEL,
} from '../../../api/istio-names.ts';
import { equalsText, valuesSection } from './injection-values.ts';
import { appendMultusNetwork, CNI_NETWORK } from './multus-network.ts';
import { interceptionModeOf, proxyMetadataOf, type TemplateInput } from './template-input.ts';
import { quotedText, singleQuotedText } from './template-text.ts';
import * as traffic from './traffic-settings.ts';

type Strings = Record<string, string>;

/** Names the networks of a pod, for Multus. */
export const NETWORKS = 'k8s.v1.cni.cncf.io/networks';
/** What a label may hold. */
export const LABEL_LENGTH = 63;

/** The name by which telemetry knows the workload. */
export function canonicalName({ labels, context }: TemplateInput): string {
  return labels[CANONICAL_NAME_LABEL] || labels['app.kubernetes.io/name'] || labels.app || context.deploymentMeta.name;
}

/** The canonical name cut to what a label may hold. */
function canonicalNameLabel(input: TemplateInput): string {
  const cut = canonicalName(input).slice(0, LABEL_LENGTH);
  return cut.replace(input.context.traits.trimsCanonicalName ? /^[-_.]+|[-_.]+$/g : /-$/, '');
}

/** The revision by which telemetry knows the workload. */
export function canonicalRevision({ labels }: TemplateInput): string {
  return labels[CANONICAL_REVISION_LABEL] || labels['app.kubernetes.io/version'] || labels.version || 'latest';
}

/** Labels of a pod with a sidecar. */
export function sidecarLabels(input: TemplateInput): Strings {
  const { labels } = input;
  const result: Strings = {
    [TLS_MODE_LABEL]: labels[TLS_MODE_LABEL] || 'istio',
    [CANONICAL_NAME_LABEL]: canonicalNameLabel(input),
    [CANONICAL_REVISION_LABEL]: canonicalRevision(input),
  };
  if (proxyMetadataOf(input, 'ISTIO_META_ENABLE_HBONE') === 'true') {
    result['networking.istio.io/tunnel'] = labels['networking.istio.io/tunnel'] || 'http';
  }
  return result;
}

/** Which container tools take when none is named: the first that is not ours. */
export const DEFAULT_CONTAINERS = [
  'kubectl.kubernetes.io/default-logs-container',
  'kubectl.kubernetes.io/default-container',
];

/** Annotations that every template with a proxy sets. */
export function commonAnnotations(input: TemplateInput): Strings {
  const result: Strings = { [REVISION_LABEL]: input.context.revision || 'default' };
  const [first] = input.appContainers;
  if (first === undefined) return result;
  for (const name of DEFAULT_CONTAINERS) {
    if (input.annotations[name] === undefined) result[name] = quotedText(first, 'name of the first container');
  }
  return result;
}

/** Annotations from which the CNI plugin learns what to capture. */
export function cniAnnotations(input: TemplateInput): Strings {
  const { annotations, pilot } = input;
  const cni = valuesSection(pilot, 'cni', 'pilot.cni');
  const settings = traffic.trafficSettings(input);
  const result: Strings = {
    [INTERCEPTION_MODE_ANNOTATION]: interceptionModeOf(input),
    [traffic.INCLUDE_INBOUND_PORTS]: settings.includeInboundPorts,
    [traffic.EXCLUDE_INBOUND_PORTS]: settings.excludeInboundPorts,
  };
  const optional: [string, string | undefined][] = [
    [traffic.INCLUDE_OUTBOUND_RANGES, settings.includeOutboundRanges || undefined],
    [traffic.EXCLUDE_OUTBOUND_RANGES, settings.excludeOutboundRanges || undefined],
    [traffic.INCLUDE_OUTBOUND_PORTS, settings.includeOutboundPorts],
    [traffic.EXCLUDE_OUTBOUND_PORTS, settings.excludeOutboundPorts],
    [traffic.KUBEVIRT_INTERFACES, annotations[traffic.KUBEVIRT_INTERFACES] || undefined],
    [traffic.REROUTE_INTERFACES, annotations[traffic.REROUTE_INTERFACES] || undefined],
    [traffic.EXCLUDE_INTERFACES, annotations[traffic.EXCLUDE_INTERFACES] || undefined],
  ];
  for (const [name, value] of optional) if (value !== undefined) result[name] = value;
  for (const [name, value] of Object.entries(result)) result[name] = quotedText(value, `annotation ${name}`);
  if (equalsText(cni.provider, 'multus', 'pilot.cni.provider')) {
    const networks = appendMultusNetwork(annotations[NETWORKS] ?? '', CNI_NETWORK);
    result[NETWORKS] = singleQuotedText(networks, `annotation ${NETWORKS}`);
  }
  return result;
}

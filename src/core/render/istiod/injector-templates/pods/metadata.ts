import {
  CANONICAL_NAME_LABEL,
  CANONICAL_REVISION_LABEL,
  INTERCEPTION_MODE_ANNOTATION,
  REVISION_LABEL,
  TLS_MODE_LABEL,
} from '../../../../../api/istio-names.ts';
import { DEFAULT_CONTAINERS, LABEL_LENGTH, NETWORKS } from '../../../../inject/templates/pod-metadata.ts';
import { CNI_NETWORK } from '../../../../inject/templates/multus-network.ts';
import * as names from '../../../../inject/templates/traffic-settings.ts';
import type { IstioTraits } from '../../../../istio/traits.ts';
import { annotation, hasAnnotation, label, proxyMetadata } from './pod-facts.ts';
import { asText, inQuotes, lines, printed, when, withValue } from './template-pieces.ts';
import { EXCLUDES_OUTBOUND_PORTS, INCLUDES_OUTBOUND_PORTS, TRAFFIC } from './traffic.ts';

const CANONICAL_NAME = `(or ${[CANONICAL_NAME_LABEL, 'app.kubernetes.io/name', 'app'].map(label).join(' ')} .DeploymentMeta.Name)`;

const canonicalRevision = `${CANONICAL_REVISION_LABEL}: ${asText(
  `or ${[CANONICAL_REVISION_LABEL, 'app.kubernetes.io/version', 'version'].map(label).join(' ')} "latest"`,
)}`;

/** The names by which telemetry knows the workload, as they stand. */
export const CANONICAL_LABELS = lines(`${CANONICAL_NAME_LABEL}: ${asText(CANONICAL_NAME)}`, canonicalRevision);

/** Labels of a pod with a sidecar. */
export function sidecarLabels({ trimsCanonicalName }: IstioTraits): string {
  const trim = trimsCanonicalName ? 'trimAll "-_."' : 'trimSuffix "-"';
  return lines(
    `${TLS_MODE_LABEL}: ${asText(`or ${label(TLS_MODE_LABEL)} "istio"`)}`,
    `${CANONICAL_NAME_LABEL}: ${asText(`trunc ${LABEL_LENGTH} ${CANONICAL_NAME} | ${trim}`)}`,
    canonicalRevision,
    when(
      `eq ${proxyMetadata('ISTIO_META_ENABLE_HBONE')} "true"`,
      `networking.istio.io/tunnel: ${asText(`or ${label('networking.istio.io/tunnel')} "http"`)}`,
    ),
  );
}

/** Annotations that every template with a proxy sets. */
export const COMMON_ANNOTATIONS = lines(
  `${REVISION_LABEL}: ${asText('.Revision | default "default"')}`,
  when(
    '$apps',
    lines(
      ...DEFAULT_CONTAINERS.map((name) =>
        when(`not ${hasAnnotation(name)}`, `${name}: ${inQuotes(printed('index $apps 0'))}`),
      ),
    ),
  ),
);

const whereSet = (name: string, value: string): string => withValue(value, `${name}: ${inQuotes(printed('.'))}`);
const setting = (name: string, value: string): string => `${name}: ${inQuotes(printed(value))}`;

/** Annotations from which the CNI plugin learns what to capture. */
export const CNI_ANNOTATIONS = lines(
  setting(INTERCEPTION_MODE_ANNOTATION, '$interception'),
  setting(names.INCLUDE_INBOUND_PORTS, TRAFFIC.includeInboundPorts),
  setting(names.EXCLUDE_INBOUND_PORTS, TRAFFIC.excludeInboundPorts),
  whereSet(names.INCLUDE_OUTBOUND_RANGES, TRAFFIC.includeOutboundRanges),
  whereSet(names.EXCLUDE_OUTBOUND_RANGES, TRAFFIC.excludeOutboundRanges),
  when(INCLUDES_OUTBOUND_PORTS, setting(names.INCLUDE_OUTBOUND_PORTS, TRAFFIC.includeOutboundPorts)),
  when(EXCLUDES_OUTBOUND_PORTS, setting(names.EXCLUDE_OUTBOUND_PORTS, TRAFFIC.excludeOutboundPorts)),
  ...[names.KUBEVIRT_INTERFACES, names.REROUTE_INTERFACES, names.EXCLUDE_INTERFACES].map((name) =>
    whereSet(name, annotation(name)),
  ),
  when(
    'eq $cni.provider "multus"',
    `${NETWORKS}: '${printed(`appendMultusNetwork ${annotation(NETWORKS)} ${JSON.stringify(CNI_NETWORK)}`)}'`,
  ),
);
